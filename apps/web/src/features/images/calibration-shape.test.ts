import { expect, it } from "vitest";
import { calibrationPoints, overconfidence } from "@/features/images/calibration-shape";

const empty = { low: 0, high: 0.5, examples: 0, meanConfidence: null, accuracy: null };

it("shows the bins that have images, with the interval of so many", () => {
  const [point, ...others] = calibrationPoints([
    empty,
    { low: 0.5, high: 1, examples: 100, meanConfidence: 0.9, accuracy: 0.8 },
  ]);
  expect(others).toEqual([]);
  expect(point).toMatchObject({ confidence: 0.9, accuracy: 0.8, examples: 100 });
  expect(point!.low).toBeCloseTo(0.711, 3);
  expect(point!.high).toBeCloseTo(0.867, 3);
});

it("weighs each bin by its images, and claims nothing without any", () => {
  const bins = [
    { low: 0, high: 0.5, examples: 1, meanConfidence: 0.4, accuracy: 0 },
    { low: 0.5, high: 1, examples: 3, meanConfidence: 0.8, accuracy: 1 },
  ];
  expect(overconfidence(bins)).toBeCloseTo((0.4 - 0.6) / 4, 12);
  expect(overconfidence([empty])).toBeNull();
});
