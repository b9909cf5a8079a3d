import type { RunToRead } from "../metric/read-parts.js";
import type { SeriesSize } from "./series-sizes.js";

/** What is read at once: all of `keys` of all `runs`. `isLong`: one series that is to be read piece by piece. */
export type Reading<R extends RunToRead = RunToRead> = {
  readonly runs: readonly R[];
  readonly keys: readonly string[];
  readonly isLong: boolean;
};

/** Runs that are read at once at most. */
const maxRuns = 100;

/**
 * Joins short series into readings of about `points` points and at most 100 runs, in the order of the runs and of their keys; a series with
 * more points than that is a reading of its own.
 */
export function* planReadings<R extends RunToRead>(
  runs: readonly R[],
  sizes: ReadonlyMap<string, readonly SeriesSize[]>,
  points: number,
): Generator<Reading<R>> {
  let together: R[] = [];
  let sum = 0;
  const joined = (): Reading<R>[] => {
    const keys = new Set(together.flatMap((run) => sizes.get(run.id)!.map(({ key }) => key)));
    const reading = { runs: together, keys: [...keys], isLong: false };
    together = [];
    sum = 0;
    return keys.size > 0 ? [reading] : [];
  };
  for (const run of runs) {
    const series = sizes.get(run.id)!;
    const total = series.reduce((all, one) => all + one.points, 0);
    if (sum + total > points || together.length === maxRuns) yield* joined();
    if (total > points) yield* readingsOfRun(run, series, points);
    else {
      together.push(run);
      sum += total;
    }
  }
  yield* joined();
}

function* readingsOfRun<R extends RunToRead>(
  run: R,
  series: readonly SeriesSize[],
  points: number,
): Generator<Reading<R>> {
  let keys: string[] = [];
  let sum = 0;
  for (const one of series) {
    if (keys.length > 0 && sum + one.points > points) {
      yield { runs: [run], keys, isLong: false };
      keys = [];
      sum = 0;
    }
    if (one.points > points) yield { runs: [run], keys: [one.key], isLong: true };
    else {
      keys.push(one.key);
      sum += one.points;
    }
  }
  if (keys.length > 0) yield { runs: [run], keys, isLong: false };
}
