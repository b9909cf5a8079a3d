import type { ChartRun } from "./chart-lines";
import type { MetricLine } from "./metric-lines";

/** How a run calls what a line draws: Residual's own key, unless the run is known to call it otherwise. */
export function keyOf({ curves }: ChartRun, { key, role }: MetricLine): string {
  return (role && curves?.[role.metric][role.split]) ?? key;
}

/** Every key that these runs use for these lines. */
export function keysOf(runs: readonly ChartRun[], lines: readonly MetricLine[]): string[] {
  return [...new Set(runs.flatMap((run) => lines.map((line) => keyOf(run, line))))];
}

/** What values of a key are multiplied with to be drawn: accuracies that a run logged in percent become shares. */
export function factorOf({ curves }: ChartRun, key: string): number {
  if (!curves?.accuracyInPercent) return 1;
  return key === curves.accuracy.train || key === curves.accuracy.val ? 0.01 : 1;
}
