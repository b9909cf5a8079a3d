import { expect, it } from "vitest";
import { sparklinePath } from "./sparkline-path";

it("keeps zero in the picture and skips what is not finite", () => {
  const shape = sparklinePath([0.02, Number.NaN, 0.2], 72, 20)!;
  expect(shape.zero).toBe(17);
  expect(shape.end).toEqual({ x: 69, y: 3 });
  expect(shape.path.match(/[ML]/g)).toEqual(["M", "L"]);
});

it("draws a tiny gap as tiny: the range is never below five points", () => {
  const { zero, end } = sparklinePath([0, 0.005], 72, 20)!;
  expect(zero - end.y).toBeLessThan(2);
});

it("is nothing without a value", () => {
  expect(sparklinePath([], 72, 20)).toBeNull();
  expect(sparklinePath([Number.NaN], 72, 20)).toBeNull();
});
