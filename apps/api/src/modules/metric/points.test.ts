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
  const near = Array.from({ length: 2_000 }, (_, i) => i + ((i * 7) % 32) * (i % 3 === 0 ? 1 : -1) + 40);
  const backwards = Array.from({ length: 2_000 }, (_, i) => Math.floor((2_000 - i) / 2));
  /** Too far apart for a count of each. */
  const apart = (steps: number[]) => steps.map((step) => 9_000_000_000_000 + 1_000 * step);

  it.each([
    ["when several writers arrive nearly in order", near],
    ["when a run is logged backwards", backwards],
    ["nearly in order, at every thousandth step", apart(near)],
    ["backwards, at every thousandth step", apart(backwards)],
    ["when there are two", [2, 1]],
    ["when it is one step again and again", [7, 7, 7]],
  ])("%s", (_, steps) => {
    expect(ordered(steps)).toEqual(expected(steps));
  });

  it.each([near, backwards, apart(near), apart(backwards)])("or all of them, in order of arrival", (...steps) => {
    const { steps: ascending, values } = orderPoints(arrived(steps), true);
    const all = steps.map((step, i) => [step, i]).sort(([a, i], [b, j]) => a! - b! || i! - j!);
    expect(Array.from(ascending, (step, i) => [step, values[i]])).toEqual(all);
  });
});
