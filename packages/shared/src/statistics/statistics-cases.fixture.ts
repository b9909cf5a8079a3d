import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** Cases of a file under fixtures/ (values by SciPy, statsmodels and scikit-learn); "NaN" and "Infinity" become numbers. */
export function readCases<Case>(file: string): { cases: Case[]; relativeTolerance: number } {
  const text = readFileSync(new URL(`fixtures/${file}`, import.meta.url), "utf8");
  const words: Record<string, number> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY };
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === "string" && value in words ? words[value] : value,
  ) as {
    cases: Case[];
    relativeTolerance: number;
  };
}

/** Numbers agree within the relative tolerance (1e-12 absolute near 0), null only with null, lists and objects entry by entry. */
export function expectClose(actual: unknown, expected: unknown, tolerance: number, path = "value"): void {
  if (typeof expected === "number" && typeof actual === "number") {
    const near = Math.abs(actual - expected) <= Math.max(1e-12, tolerance * Math.abs(expected));
    if (!near && !Object.is(actual, expected)) expect.fail(`${path}: ${actual} instead of ${expected}`);
  } else if (typeof expected === "object" && expected !== null && typeof actual === "object" && actual !== null) {
    expect(Object.keys(actual), path).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected))
      expectClose((actual as Record<string, unknown>)[key], value, tolerance, `${path}.${key}`);
  } else expect(actual, path).toEqual(expected);
}
