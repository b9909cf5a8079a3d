/** One axis of parallel coordinates: a setting or a result, with the place of each run on it. */
export interface ParallelAxis {
  readonly field: string;
  /** Of each run from 0 (bottom) to 1 (top); null where it has no value. */
  readonly places: readonly (number | null)[];
  /** The distinct values from bottom to top: what a brush moves along. */
  readonly stops: readonly { readonly place: number; readonly value: unknown }[];
}

/** From this ratio of its largest to its smallest value on, an axis of positive numbers is logarithmic. */
const logarithmicFrom = 20;

/** An axis of numbers by their size; of anything else its distinct values in order, evenly spread. */
export function parallelAxis(field: string, values: readonly unknown[]): ParallelAxis {
  const known = values.filter((value) => value !== null && value !== undefined);
  const areNumbers = known.every((value) => typeof value === "number" && Number.isFinite(value));
  const place = areNumbers ? numberScale(known as number[]) : orderScale(known);
  const places = values.map((value) => (value === null || value === undefined ? null : place(value)));
  const stops = new Map<number, unknown>();
  places.forEach((at, i) => {
    if (at !== null && !stops.has(at)) stops.set(at, values[i]);
  });
  return {
    field,
    places,
    stops: [...stops].sort(([a], [b]) => a - b).map(([at, value]) => ({ place: at, value })),
  };
}

function numberScale(values: readonly number[]): (value: unknown) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) return () => 0.5;
  const scale = low > 0 && high / low >= logarithmicFrom ? Math.log : (value: number) => value;
  return (value) => (scale(value as number) - scale(low)) / (scale(high) - scale(low));
}

function orderScale(values: readonly unknown[]): (value: unknown) => number {
  const names = [...new Set(values.map(String))].sort();
  return (value) => (names.length < 2 ? 0.5 : names.indexOf(String(value)) / (names.length - 1));
}

/** Which part of an axis is looked at, as numbers of its lowest and highest stop. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

export type Brushes = ReadonlyMap<string, Brush>;

/** The runs that lie within every brush; a run without a value on a brushed axis does not. */
export function brushedRuns(axes: readonly ParallelAxis[], brushes: Brushes, runs: number): boolean[] {
  return Array.from({ length: runs }, (_, run) =>
    axes.every(({ field, places, stops }) => {
      const brush = brushes.get(field);
      if (!brush) return true;
      const place = places[run] ?? null;
      const [low, high] = [stops[brush.from], stops[brush.to]];
      return place !== null && low !== undefined && high !== undefined && place >= low.place && place <= high.place;
    }),
  );
}

/** The brush after a key on one of its two ends; null for a key that moves none. A brush over the whole axis is none, and told apart as such. */
export function moveBrush(key: string, end: "from" | "to", brush: Brush, stops: number): Brush | null {
  const strides: Record<string, number> = {
    ArrowUp: 1,
    ArrowRight: 1,
    ArrowDown: -1,
    ArrowLeft: -1,
    PageUp: Math.ceil(stops / 10),
    PageDown: -Math.ceil(stops / 10),
    Home: -stops,
    End: stops,
  };
  const stride = strides[key];
  if (stride === undefined) return null;
  const [least, most] = end === "from" ? [0, brush.to] : [brush.from, stops - 1];
  return { ...brush, [end]: Math.min(most, Math.max(least, brush[end] + stride)) };
}

/** Brushes as the address holds them: `field~from~to` each. What is no brush of these axes is left out. */
export function readBrushes(texts: readonly string[], axes: readonly ParallelAxis[]): Brushes {
  const brushes = new Map<string, Brush>();
  for (const text of texts) {
    const [, field = "", from = "", to = ""] = /^(.+)~(\d+)~(\d+)$/.exec(text) ?? [];
    const axis = axes.find((one) => one.field === field);
    const brush = { from: Number(from), to: Number(to) };
    if (axis && brush.from <= brush.to && brush.to < axis.stops.length) brushes.set(field, brush);
  }
  return brushes;
}

/** The brush on an axis as the address holds it; null where it covers the whole axis. */
export function writeBrush({ field, stops }: ParallelAxis, { from, to }: Brush): string | null {
  return from === 0 && to === stops.length - 1 ? null : `${field}~${from}~${to}`;
}
