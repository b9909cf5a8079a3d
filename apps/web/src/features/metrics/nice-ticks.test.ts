import { expect, it } from "vitest";
import { niceTicks } from "./nice-ticks";

it("divides a range at round numbers, without rounding dust", () => {
  expect(niceTicks(-3.2, 17, 5)).toEqual([0, 5, 10, 15]);
  expect(niceTicks(0, 0.35, 4)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(niceTicks(1, 8, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(niceTicks(5, 5, 4)).toEqual([5]);
});
