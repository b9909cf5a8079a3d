import type { ClientBase } from "pg";
import { seriesWindows } from "../modules/export/series-windows.js";
import { metricDirection } from "../modules/metric/metric-direction.js";
import type { RunToRead } from "../modules/metric/read-parts.js";
import { readSeries } from "../modules/metric/read-series.js";
import { addPoints, emptySummary, type SeriesSummary } from "../modules/metric/series-summary.js";
import { type Damage, makeAnew } from "./damage.js";

const pointsAtOnce = 131_072;

type Stored = {
  key: string;
  points: number;
  first_step: number;
  last_step: number;
  last: number;
  min: number | null;
  max: number | null;
  direction: number;
  best: number | null;
  best_step: number | null;
};

/** Makes the summary of each series anew from its points, piece by piece, and compares; those that wait to be made anew are left out. */
export async function verifySummaries(client: ClientBase, run: RunToRead, damages: Damage[]): Promise<void> {
  const { rows } = await client.query<Stored>(
    `SELECT s.key, s.points, s.first_step, s.last_step, s.last, s.min, s.max, s.direction, s.best, s.best_step FROM metric_series s
     JOIN metric_stream m ON m.dist_key = s.dist_key AND m.run_id = s.run_id
     WHERE s.dist_key = $1 AND s.run_id = $2 AND NOT s.stale AND m.summarised = m.arrivals`,
    [run.distKey, run.id],
  );
  for (const stored of rows) {
    const made = await summarise(client, run, stored.key);
    const problem = difference(stored, made);
    if (problem) damages.push({ run: run.id, key: stored.key, what: "the summary", problem, remedy: makeAnew });
  }
}

async function summarise(client: ClientBase, run: RunToRead, key: string): Promise<SeriesSummary> {
  const summary = emptySummary(key);
  for (const window of await seriesWindows(client, run, key, { from: null, to: null }, pointsAtOnce))
    for (const { steps, values } of await readSeries(client, { runs: [run], keys: [key], ...window, maxPoints: null }))
      addPoints(summary, steps, values, null);
  return summary;
}

function difference(stored: Stored, made: SeriesSummary): string | null {
  const pairs: [name: string, said: number | null, found: number | null][] = [
    ["points", stored.points, made.points],
    ["first step", stored.first_step, made.firstStep],
    ["last step", stored.last_step, made.lastStep],
    ["last value", stored.last, made.last],
    ["minimum", stored.min, made.min],
    ["maximum", stored.max, made.max],
  ];
  // What is best is settled when the series begins; a later version may know the metric's direction.
  if (stored.direction === metricDirection(stored.key))
    pairs.push(["best value", stored.best, made.best], ["step of the best", stored.best_step, made.bestStep]);
  const wrong = pairs.find(([, said, found]) => !Object.is(said, found));
  return wrong ? `its ${wrong[0]} is ${wrong[1]}, and the points say ${wrong[2]}` : null;
}
