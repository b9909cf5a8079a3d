import { describe, expect, it } from "vitest";
import { allocatePoints, orderPoints, type Points } from "./points.js";

/** Points whose value is the place at which they arrived. */
function arrived(steps: number[]): Points {
  const points = allocatePoints(steps.length);
  points.steps.set(steps);
  points.values.set(Array.from(steps.keys()));
  return points;
}

const ordered = (steps: number[]) => {
  const { steps: ascending, values } = orderPoints(arrived(steps));
  return Array.from(ascending, (step, i) => [step, values[i]]);
};

/** What the rule says, without any speed: the last arrival of each step. */
const expected = (steps: number[]) => [...new Map(steps.map((step, i) => [step, i]))].sort(([a], [b]) => a - b);

describe("points by step, of equal steps the last arrival", () => {
  it("when several writers arrive nearly in order", () => {
    const steps = Array.from({ length: 2_000 }, (_, i) => i + ((i * 7) % 32) * (i % 3 === 0 ? 1 : -1) + 40);
    expect(ordered(steps)).toEqual(expected(steps));
  });

  it("when a run is logged backwards", () => {
    const steps = Array.from({ length: 2_000 }, (_, i) => Math.floor((2_000 - i) / 2));
    expect(ordered(steps)).toEqual(expected(steps));
  });
});
