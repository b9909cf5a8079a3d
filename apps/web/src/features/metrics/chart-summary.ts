import type { ChartLine } from "./chart-lines";
import type { Scene } from "./chart-scene";

/** What one sentence about a chart says: a key of the `summary` messages and its values, numbers still raw. */
export type ChartSummary =
  | { key: "none" }
  | { key: "pair"; run: string; step: number; train: number; val: number }
  | { key: "one"; run: string; step: number; value: number }
  | { key: "many"; count: number; metric: string; low: number; lowRun: string; high: number; highRun: string };

/** The chart in one sentence, for those who do not see it: last values of one run, or the spread over many. */
export function summarizeScene(scene: Scene): ChartSummary {
  const drawn = scene.lines.filter(({ style }) => style !== "faint");
  const first = drawn[0];
  if (!first) return { key: "none" };
  if (scene.gap) {
    const { train, val } = scene.gap;
    return { key: "pair", run: val.run.name, step: val.steps.at(-1)!, train: lastOf(train), val: lastOf(val) };
  }
  if (drawn.length === 1) return { key: "one", run: first.run.name, step: first.steps.at(-1)!, value: lastOf(first) };
  const ofVal = drawn.filter(({ key, split }) => split === "val" || key.startsWith("val/"));
  const metric = ofVal[0]?.key ?? first.key;
  const ranked = (ofVal.length > 0 ? ofVal : drawn.filter(({ key }) => key === metric)).sort(
    (a, b) => lastOf(a) - lastOf(b),
  );
  const low = ranked[0]!;
  const high = ranked.at(-1)!;
  return {
    key: "many",
    count: ranked.length,
    metric,
    low: lastOf(low),
    lowRun: low.run.name,
    high: lastOf(high),
    highRun: high.run.name,
  };
}

function lastOf(line: ChartLine): number {
  return (line.raw ?? line.y).at(-1)!;
}
