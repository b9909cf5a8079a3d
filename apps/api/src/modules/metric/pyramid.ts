import type { Axis } from "./chunk-codec.js";
import { allocateSummaries, decodeSummaries, encodeSummaries, type Summaries } from "./summary.js";

/** Most buckets of the two levels: a chart of one series among hundreds, and one among thousands. */
export const pyramidBuckets = { fine: 256, coarse: 64 } as const;

/**
 * Buckets of equally many points over all full chunks of a series, as long as its steps ascend: at most 256, twice as wide whenever they are
 * used up. So it costs the same at any length, and a chart of the whole series reads one row.
 */
export class Pyramid {
  private constructor(
    private readonly buckets: Summaries,
    private used: number,
    private width: number,
  ) {}

  static empty(): Pyramid {
    return new Pyramid(allocateSummaries(pyramidBuckets.fine), 0, 1);
  }

  /** Goes on from a stored fine level. Throws DamagedBlockError. */
  static open(fine: Buffer): Pyramid {
    const stored = decodeSummaries(fine);
    const buckets = allocateSummaries(pyramidBuckets.fine);
    for (const name of columnNames) buckets[name].set(stored[name]);
    // Every bucket but the last is full.
    return new Pyramid(buckets, stored.points.length, stored.points[0]!);
  }

  /** Adds a chunk's points: they come after all before, by ascending step. */
  add({ steps, times, arrivals }: Axis, values: Float64Array): void {
    for (let i = 0; i < steps.length; i++) {
      if (this.used === 0 || this.buckets.points[this.used - 1] === this.width)
        this.begin(arrivals[i]!, steps[i]!, values[i]!);
      const at = this.used - 1;
      const { points, lastArrival, lastStep, lastTime, last, min, max, nans, plusInfinities, minusInfinities } =
        this.buckets;
      const value = values[i]!;
      points[at]!++;
      lastArrival[at] = arrivals[i]!;
      lastStep[at] = steps[i]!;
      lastTime[at] = times[i]!;
      last[at] = value;
      if (Number.isFinite(value)) {
        if (!(min[at]! <= value)) min[at] = value;
        if (!(max[at]! >= value)) max[at] = value;
      } else if (value > 0) plusInfinities[at]!++;
      else if (value < 0) minusInfinities[at]!++;
      else nans[at]!++;
    }
  }

  /** The fine level deflated, the coarse one as it is: it is read by the thousand. */
  encode(): { fine: Buffer; coarse: Buffer } {
    const fine = cut(this.buckets, this.used);
    // A chart does not ask for these, and zeros take no room.
    for (const name of ["first", "firstArrival", "lastArrival"] as const) fine[name].fill(0);
    const coarse = halved(halved(fine));
    return { fine: encodeSummaries(fine), coarse: encodeSummaries(coarse, { deflate: false }) };
  }

  private begin(arrival: number, step: number, value: number): void {
    if (this.used === pyramidBuckets.fine) {
      const half = halved(this.buckets);
      for (const name of columnNames) this.buckets[name].set(half[name]);
      this.used /= 2;
      this.width *= 2;
    }
    const at = this.used++;
    const { buckets } = this;
    for (const name of columnNames) buckets[name][at] = 0;
    buckets.firstArrival[at] = arrival;
    buckets.firstStep[at] = step;
    buckets.first[at] = value;
    buckets.min[at] = Number.NaN;
    buckets.max[at] = Number.NaN;
    buckets.ascending[at] = 1;
  }
}

const columnNames = Object.keys(allocateSummaries(0)) as (keyof Summaries)[];

function cut(buckets: Summaries, length: number): Summaries {
  return Object.fromEntries(columnNames.map((name) => [name, buckets[name].slice(0, length)])) as Summaries;
}

/** Neighbours joined two by two. */
function halved(from: Summaries): Summaries {
  const length = from.points.length;
  const to = allocateSummaries(Math.ceil(length / 2));
  for (let i = 0; i < length; i++) {
    const at = i >> 1;
    const isFirst = i % 2 === 0;
    for (const name of ["points", "nans", "plusInfinities", "minusInfinities"] as const)
      to[name][at]! += from[name][i]!;
    for (const name of ["lastArrival", "lastStep", "lastTime", "last", "ascending"] as const)
      to[name][at] = from[name][i]!;
    if (isFirst) for (const name of ["firstArrival", "firstStep", "first"] as const) to[name][at] = from[name][i]!;
    const min = from.min[i]!;
    const max = from.max[i]!;
    if (isFirst || (!Number.isNaN(min) && !(to.min[at]! <= min))) to.min[at] = min;
    if (isFirst || (!Number.isNaN(max) && !(to.max[at]! >= max))) to.max[at] = max;
  }
  return to;
}
