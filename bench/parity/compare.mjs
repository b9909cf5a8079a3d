import { setTimeout as pause } from "node:timers/promises";

/** Threads of the side that just ran may spin for a while; let them go to sleep before the other one starts. */
const rest = 300;

/** Turns of A and B in the order A B B A, `rounds` times, after one of each to warm up. Milliseconds of every step, by side. */
export async function takeTurns(a, b, { mode, steps }, rounds) {
  const milliseconds = new Map([a, b].map((side) => [side, []]));
  for (const side of [a, b]) await side.ask("run", { mode, steps: 2 });
  for (let round = 0; round < rounds; round++) {
    for (const side of [a, b, b, a]) {
      await pause(rest);
      milliseconds.get(side).push(...(await side.ask("run", { mode, steps })).milliseconds);
    }
  }
  return milliseconds;
}

export function median(values) {
  const sorted = values.toSorted((x, y) => x - y);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** The largest relative difference of two loss curves, and at which step (from 1). */
export function largestDifference(ours, theirs) {
  const differences = ours.map((loss, index) => Math.abs(loss - theirs[index]) / Math.abs(theirs[index]));
  const worst = Math.max(...differences);
  return { worst, step: 1 + differences.indexOf(worst) };
}
