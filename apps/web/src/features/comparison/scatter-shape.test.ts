import { expect, it } from "vitest";
import type { CostPoint } from "./cost-front";
import { logTicks, scatterShape } from "./scatter-shape";

const point = (name: string, cost: number, accuracy: number, isOnFront: boolean): CostPoint => ({
  key: name,
  name,
  run: null,
  cost,
  accuracy,
  low: accuracy - 0.03,
  high: accuracy + 0.03,
  isOnFront,
});

it("puts the more accurate higher, the more costly to the right, all inside the picture", () => {
  const shape = scatterShape([point("a", 1e7, 0.8, true), point("b", 3e8, 0.95, true)], 400, 240)!;
  const [a, b] = shape.dots;
  expect(b!.x).toBeGreaterThan(a!.x);
  expect(b!.y).toBeLessThan(a!.y);
  for (const { top, bottom } of shape.dots) {
    expect(top).toBeGreaterThanOrEqual(shape.plot.top - 1);
    expect(bottom).toBeLessThanOrEqual(shape.plot.bottom + 1);
  }
  expect(shape.front).toMatch(/^M[\d. ]+H[\d.]+V[\d.]+H376$/);
});

it("has round ticks, few of them", () => {
  expect(logTicks(8e6, 4e8)).toEqual([1e7, 2e7, 5e7, 1e8, 2e8]);
  expect(logTicks(1, 1e6)).toEqual([1, 10, 100, 1000, 1e4, 1e5, 1e6]);
});

it("stands a single run and no run", () => {
  expect(scatterShape([point("a", 5, 0.5, true)], 400, 240)!.dots).toHaveLength(1);
  expect(scatterShape([], 400, 240)).toBeNull();
});

it("says where the front runs: across to the next cost, then up to its accuracy", () => {
  const shape = scatterShape([point("a", 1e7, 0.8, true), point("b", 3e8, 0.95, true)], 400, 240)!;
  const [a, b] = shape.dots;
  const [across, up, last] = shape.frontLines;
  expect(across).toMatchObject({ left: a!.x, right: b!.x, top: a!.y - 1 });
  expect(up).toMatchObject({ left: b!.x - 1, top: b!.y, bottom: a!.y });
  expect(last).toMatchObject({ left: b!.x, right: shape.plot.right });
});
