import { expect, it } from "vitest";
import { planRungs, rungCost, rungEpochs } from "./plan-rungs.js";

it("leaves one in three at each rung, with three times the epochs, down to one that trains them all", () => {
  expect(planRungs(9, 3)).toEqual([
    { candidates: 9, share: 1 / 9 },
    { candidates: 3, share: 1 / 3 },
    { candidates: 1, share: 1 },
  ]);
  expect(planRungs(5, 2).map(({ candidates }) => candidates)).toEqual([5, 3, 2, 1]);
});

it("costs a fraction of training everything", () => {
  expect(rungCost(planRungs(9, 3))).toBeCloseTo(3 / 9, 9);
  expect(rungCost(planRungs(1, 3))).toBe(1);
});

it("is one rung of full length for a single candidate, and trains at least one epoch at every rung", () => {
  expect(planRungs(1, 3)).toEqual([{ candidates: 1, share: 1 }]);
  expect(planRungs(27, 3).map((rung) => rungEpochs(10, rung))).toEqual([1, 1, 3, 10]);
});
