import { expect, it } from "vitest";
import { readCases } from "./statistics-cases.fixture.js";
import { runsForPower, tTestPower } from "./t-test-power.js";

const { cases, relativeTolerance } = readCases<{ n: number; effect: number; paired: boolean; power: number }>(
  "t-test-power.json",
);

it.each(cases)("has the power of statsmodels at n=$n, effect $effect, paired $paired", ({ n, power, ...design }) => {
  expect(Math.abs(tTestPower(n, design) - power)).toBeLessThan(Math.max(1e-7, relativeTolerance * power));
});

it("names the smallest number of runs that has the power, and none where a thousand have not", () => {
  const design = { effect: 1, paired: false };
  const n = runsForPower(design)!;
  expect(tTestPower(n, design)).toBeGreaterThanOrEqual(0.8);
  expect(tTestPower(n - 1, design)).toBeLessThan(0.8);
  expect(runsForPower({ effect: 0.01, paired: true })).toBeNull();
  expect(runsForPower({ effect: 0, paired: true })).toBeNull();
  expect(runsForPower({ effect: 40, paired: true })).toBe(2);
});
