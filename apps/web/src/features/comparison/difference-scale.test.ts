import { expect, it } from "vitest";
import { differenceScale } from "./difference-scale";

it("reaches as far as the furthest bound, never less than a point, and is not led astray by NaN", () => {
  expect(differenceScale([null, { estimate: -0.02, low: -0.09, high: 0.05 }])).toBe(0.09);
  expect(differenceScale([{ estimate: 0.001, low: "NaN", high: Number.NaN }])).toBe(0.01);
  expect(differenceScale([])).toBe(0.01);
});
