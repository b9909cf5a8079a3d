/** Points of one series as columns; times are milliseconds since the epoch. min and max are there where rows stand for several points. */
export interface SeriesColumns {
  steps: Float64Array;
  times: Float64Array;
  values: Float64Array;
  min?: Float64Array;
  max?: Float64Array;
}

/** A server's answer for one series: `count` points in the asked range, drawn by the rows of `columns`. */
export interface SeriesPart {
  run: string;
  key: string;
  count: number;
  exact: boolean;
  columns: SeriesColumns;
}

/** Rows that a buffer may hold before it folds neighbours together: about eight a pixel of a wide chart. */
const defaultCapacity = 16_384;
const maximumMarks = 512;

const columnNames = ["steps", "times", "values", "min", "max", "counts"] as const;
type Columns = Record<(typeof columnNames)[number], Float64Array>;

function allocate(capacity: number): Columns {
  const column = () => new Float64Array(capacity);
  return { steps: column(), times: column(), values: column(), min: column(), max: column(), counts: column() };
}

/**
 * One series in the browser: rows ordered by step, a later value for a step replaces the earlier one. Memory is bounded: beyond
 * `capacity` rows, neighbours are folded into one row that keeps their minimum, maximum and last finite value, so no outlier is
 * lost. Points that are not finite are remembered apart (`marks`), since a fold or a line cannot show them.
 */
export class SeriesBuffer {
  length = 0;
  /** Grows with every change, so that a reader knows whether it has drawn this. */
  version = 0;
  readonly marks: { step: number; time: number; value: number }[] = [];
  private columns: Columns;
  private rowSize = 1;

  constructor(private readonly capacity = defaultCapacity) {
    this.columns = allocate(Math.min(256, capacity));
  }

  get steps(): Float64Array {
    return this.columns.steps.subarray(0, this.length);
  }

  get times(): Float64Array {
    return this.columns.times.subarray(0, this.length);
  }

  get values(): Float64Array {
    return this.columns.values.subarray(0, this.length);
  }

  get min(): Float64Array {
    return this.columns.min.subarray(0, this.length);
  }

  get max(): Float64Array {
    return this.columns.max.subarray(0, this.length);
  }

  /** Points that the rows stand for. */
  get count(): number {
    let total = 0;
    for (let row = 0; row < this.length; row++) total += this.columns.counts[row]!;
    return Math.round(total);
  }

  /** True while each row is one logged point. */
  get exact(): boolean {
    for (let row = 0; row < this.length; row++) if (this.columns.counts[row]! > 1) return false;
    return true;
  }

  /** Adds points in any order of their steps. `countEach` is how many logged points each of these rows stands for. */
  append(added: SeriesColumns, countEach = 1): void {
    const inOrder = isAscending(added.steps);
    const order = inOrder ? null : stableOrder(added.steps);
    const first = order ? added.steps[order[0]!]! : added.steps[0];
    if (first === undefined) return;
    if (this.length > 0 && first <= this.columns.steps[this.length - 1]!)
      this.mergeFrom(first, added, order, countEach);
    else for (let i = 0; i < added.steps.length; i++) this.push(added, order ? order[i]! : i, countEach);
    this.version++;
  }

  /** Takes a fresh history of the series. Points that arrived live and lie beyond its last step stay. */
  replace(history: SeriesColumns, count: number): void {
    const last = history.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
    const kept = this.rowsFrom(this.firstRowAfter(last));
    this.length = 0;
    this.rowSize = 1;
    const each = Math.max(1, count / Math.max(1, history.steps.length));
    // A thinned history may leave out points that are not finite; those seen live are kept then.
    if (each === 1) this.keepMarks((mark) => mark.step > last);
    this.append(history, each);
    for (let row = 0; row < kept.steps.length; row++) this.push(kept, row, kept.counts[row]!);
    this.version++;
  }

  /** Drops every point after `step`: a later lease generation resumed there and trains them again. */
  dropAfter(step: number): void {
    this.length = this.firstRowAfter(step);
    this.keepMarks((mark) => mark.step <= step);
    this.version++;
  }

  /** Row of the last point at or before `step`, or -1. */
  rowAt(step: number): number {
    return this.firstRowAfter(step) - 1;
  }

  private firstRowAfter(step: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.columns.steps[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private rowsFrom(row: number): Columns {
    const rows = {} as Columns;
    for (const name of columnNames) rows[name] = this.columns[name].slice(row, this.length);
    return rows;
  }

  /** Points that belong before the end: cuts the tail off and zips it with them, an added point winning its step. */
  private mergeFrom(step: number, added: SeriesColumns, order: Uint32Array | null, countEach: number): void {
    const cut = step === Number.NEGATIVE_INFINITY ? 0 : this.firstRowAfter(step - 1);
    const tail = this.rowsFrom(cut);
    this.length = cut;
    let next = 0;
    for (let i = 0; i < added.steps.length; i++) {
      const row = order ? order[i]! : i;
      const at = added.steps[row]!;
      while (next < tail.steps.length && tail.steps[next]! < at) this.push(tail, next, tail.counts[next++]!);
      if (next < tail.steps.length && tail.counts[next]! > 1) {
        // A folded row ends at its step and covers those since the row before: a point sent again may widen it, not split it.
        tail.min[next] = finiteMinimum(tail.min[next]!, added.min?.[row] ?? added.values[row]!);
        tail.max[next] = -finiteMinimum(-tail.max[next]!, -(added.max?.[row] ?? added.values[row]!));
        continue;
      }
      if (next < tail.steps.length && tail.steps[next]! === at) next++;
      this.push(added, row, countEach);
    }
    while (next < tail.steps.length) this.push(tail, next, tail.counts[next++]!);
  }

  private push(from: SeriesColumns, row: number, count: number): void {
    const value = from.values[row]!;
    const step = from.steps[row]!;
    const repeats = this.length > 0 && this.columns.steps[this.length - 1] === step;
    if (repeats) this.length--;
    else if (this.length === this.columns.steps.length) this.makeRoom();
    const at = this.length++;
    this.columns.steps[at] = step;
    this.columns.times[at] = from.times[row]!;
    this.columns.values[at] = value;
    this.columns.min[at] = from.min?.[row] ?? value;
    this.columns.max[at] = from.max?.[row] ?? value;
    this.columns.counts[at] = count;
    if (!Number.isFinite(value)) this.mark(step, from.times[row]!, value);
    else if (repeats && this.marks.length > 0) this.keepMarks((mark) => mark.step !== step);
  }

  private keepMarks(keep: (mark: { step: number }) => boolean): void {
    this.marks.splice(0, this.marks.length, ...this.marks.filter(keep));
  }

  private mark(step: number, time: number, value: number): void {
    const known = this.marks.findIndex((mark) => mark.step === step);
    if (known >= 0) this.marks[known] = { step, time, value };
    else if (this.marks.length < maximumMarks) this.marks.push({ step, time, value });
  }

  private makeRoom(): void {
    const size = this.columns.steps.length;
    if (size < this.capacity) {
      const grown = allocate(Math.min(size * 2, this.capacity));
      for (const name of columnNames) grown[name].set(this.columns[name]);
      this.columns = grown;
      return;
    }
    // Rows of even size over the whole run: the size doubles only when packing at the present one frees too little.
    this.fold();
    while (this.length > this.capacity / 2) {
      this.rowSize *= 2;
      this.fold();
    }
  }

  private fold(): void {
    const { steps, times, values, min, max, counts } = this.columns;
    let out = -1;
    for (let row = 0; row < this.length; row++) {
      const joins = out >= 0 && counts[out]! + counts[row]! <= this.rowSize;
      if (!joins) {
        out++;
        for (const name of columnNames) this.columns[name][out] = this.columns[name][row]!;
        continue;
      }
      steps[out] = steps[row]!;
      times[out] = times[row]!;
      if (Number.isFinite(values[row]!)) values[out] = values[row]!;
      min[out] = finiteMinimum(min[out]!, min[row]!);
      max[out] = -finiteMinimum(-max[out]!, -max[row]!);
      counts[out] = counts[out]! + counts[row]!;
    }
    this.length = out + 1;
  }
}

function finiteMinimum(a: number, b: number): number {
  if (!Number.isFinite(a)) return b;
  return Number.isFinite(b) ? Math.min(a, b) : a;
}

function isAscending(steps: Float64Array): boolean {
  for (let i = 1; i < steps.length; i++) if (steps[i]! < steps[i - 1]!) return false;
  return true;
}

function stableOrder(steps: Float64Array): Uint32Array {
  return Uint32Array.from(steps, (_, i) => i).sort((a, b) => steps[a]! - steps[b]! || a - b);
}
