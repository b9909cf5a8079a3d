import {
  checkMetricFrame,
  encodeMetricFrame,
  type MetricColumn,
  MetricFrameError,
  metricFrameLimits,
} from "@residual/shared";

/** What was logged at one step, by metric key. What is no number (undefined, null) counts as not logged. */
export type MetricValues = Readonly<Record<string, number | null | undefined>>;

/** So many points make a frame full, with room for one row more: packing them is the longest pause of `log()`. */
const FULL_POINTS = Math.min(metricFrameLimits.points - metricFrameLimits.keys, 16_384);
/** As the API takes them: a clock that stands at 1970 must not have every later frame refused with the first. */
const times = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2100, 0, 1) - 1 } as const;
const FIRST_ROWS = 64;
/** A script that makes up key sets as it goes must not fill the memory with layouts that never come again. */
const MOST_LAYOUTS = 256;

/** What `add` answers where the rows must be packed first: the frame is full, or would have too many keys. */
export const PACK_FIRST = -1;

interface Column {
  readonly key: string;
  values: Float64Array;
  rows: Uint32Array;
  count: number;
}

/** The columns of one set of keys, in the order in which the caller names them. */
interface Layout {
  readonly keys: readonly string[];
  readonly columns: readonly Column[];
}

const noLayout: Layout = { keys: [], columns: [] };

/**
 * Rows in typed columns until they are packed. The same keys in the same order as in the call before cost a comparison of references and
 * two array stores each: no object and no text is made.
 */
export class MetricColumns {
  private steps = new Float64Array(FIRST_ROWS);
  private times = new Float64Array(FIRST_ROWS);
  private rowCount = 0;
  private pointCount = 0;
  private layout: Layout = noLayout;
  private readonly layouts = new Map<string, Layout>();
  private readonly columns = new Map<string, Column>();

  get points(): number {
    return this.pointCount;
  }

  /**
   * Adds a row; returns its number of points, or PACK_FIRST. Throws a MetricFrameError, and adds nothing, for a step, a time or a key that no
   * frame may have.
   */
  add(values: MetricValues, step: number, time: number): number {
    if (!(step >= 0 && step <= Number.MAX_SAFE_INTEGER && Math.floor(step) === step)) throw badStep(step);
    if (!(time >= times.from && time <= times.to)) throw badTime(time);
    if (this.pointCount >= FULL_POINTS) return PACK_FIRST;
    const added = this.store(values, this.layout) || this.storeAnew(values);
    if (added <= 0) return added;
    const row = this.rowCount++;
    if (row === this.steps.length) this.growRows();
    // Adding 0 makes 0 of −0, which is no step.
    this.steps[row] = step + 0;
    this.times[row] = time;
    this.pointCount += added;
    return added;
  }

  /** The rows as an encoded frame; undefined where there are none. They are forgotten, also where packing throws. */
  pack(): { readonly bytes: Uint8Array; readonly points: number } | undefined {
    const { rowCount, pointCount } = this;
    if (rowCount === 0) return undefined;
    const columns: MetricColumn[] = [];
    for (const { key, rows, values, count } of this.columns.values()) {
      if (count === 0) continue;
      columns.push({
        key,
        rows: count === rowCount ? null : rows.subarray(0, count),
        values: values.subarray(0, count),
      });
    }
    try {
      const steps = this.steps.subarray(0, rowCount);
      return {
        bytes: encodeMetricFrame({ steps, times: this.times.subarray(0, rowCount), columns }),
        points: pointCount,
      };
    } finally {
      this.clear();
    }
  }

  private clear(): void {
    this.rowCount = 0;
    this.pointCount = 0;
    for (const column of this.columns.values()) column.count = 0;
  }

  /** Stores the row where its keys are those of the layout, in order, and every value a number; else stores nothing and returns 0. */
  private store(values: MetricValues, { keys, columns }: Layout): number {
    const row = this.rowCount;
    let i = 0;
    for (const key in values) {
      const value = values[key];
      if (key !== keys[i] || typeof value !== "number") return this.undo(columns, i);
      const column = columns[i++]!;
      const { count } = column;
      if (count === column.values.length) growColumn(column);
      column.values[count] = value;
      column.rows[count] = row;
      column.count = count + 1;
    }
    return i === keys.length ? i : this.undo(columns, i);
  }

  private undo(columns: readonly Column[], stored: number): 0 {
    for (let i = 0; i < stored; i++) columns[i]!.count--;
    return 0;
  }

  private storeAnew(values: MetricValues): number {
    const numbers = Object.entries(values).filter(([, value]) => typeof value === "number");
    const keys = numbers.map(([key]) => key);
    if (keys.length === 0) return 0;
    const name = keys.join("\n");
    const layout = this.layouts.get(name) ?? this.addLayout(name, keys);
    if (!layout) return PACK_FIRST;
    this.layout = layout;
    return this.store(Object.fromEntries(numbers) as Record<string, number>, layout);
  }

  /** Undefined where rows that wait for their packing have too many keys already. */
  private addLayout(name: string, keys: readonly string[]): Layout | undefined {
    const fresh = keys.filter((key) => !this.columns.has(key));
    const one = Float64Array.of(0);
    // The codec's own rules, here and now: found when the frame is packed, a bad key would cost all rows beside it.
    checkMetricFrame({ steps: one, times: one, columns: fresh.map((key) => ({ key, rows: null, values: one })) });
    if (this.columns.size + fresh.length > metricFrameLimits.keys) {
      if (this.rowCount > 0) return undefined;
      this.columns.clear();
      this.layouts.clear();
    }
    const columns = keys.map((key) => this.columns.get(key) ?? this.addColumn(key));
    const layout = { keys, columns };
    if (this.layouts.size >= MOST_LAYOUTS) this.layouts.clear();
    this.layouts.set(name, layout);
    return layout;
  }

  private addColumn(key: string): Column {
    const column = { key, values: new Float64Array(FIRST_ROWS), rows: new Uint32Array(FIRST_ROWS), count: 0 };
    this.columns.set(key, column);
    return column;
  }

  private growRows(): void {
    this.steps = grown(this.steps, Float64Array);
    this.times = grown(this.times, Float64Array);
  }
}

function growColumn(column: Column): void {
  column.values = grown(column.values, Float64Array);
  column.rows = grown(column.rows, Uint32Array);
}

function grown<Kind extends Float64Array | Uint32Array>(array: Kind, make: new (length: number) => Kind): Kind {
  const larger = new make(array.length * 2);
  larger.set(array);
  return larger;
}

function badStep(step: number): MetricFrameError {
  return new MetricFrameError("steps", `The step is ${String(step)}; a step is an integer from 0 to 2^53−1.`);
}

function badTime(time: number): MetricFrameError {
  return new MetricFrameError(
    "times",
    `The time is ${String(time)}; a time is milliseconds since 1970, from the years 2000 to 2099.`,
  );
}
