import { architectureIds, gapVerdicts, parameterCount } from "@residual/shared";
import { expect, it } from "vitest";
import { issueOfGap, smallerArchitecture } from "./verdict-issue";

it("finds the guide's issue for a verdict that needs a cure, and none for the others", () => {
  const found = gapVerdicts.map((verdict) => [verdict, issueOfGap(verdict)?.id ?? null]);
  expect(Object.fromEntries(found)).toEqual({
    NONE: null,
    UNRESOLVED: null,
    MILD: "overfitting",
    OVERFITTING: "overfitting",
    OVERCONFIDENT: "overfitting",
    UNDERFITTING: "convergence",
    DIVERGED: null,
    TOO_EARLY: null,
  });
});

it("goes down to a network with fewer parameters, and from the smallest to none", () => {
  for (const id of architectureIds) {
    const next = smallerArchitecture(id);
    if (next !== null) expect(parameterCount(next, 10)).toBeLessThan(parameterCount(id, 10));
  }
  expect(smallerArchitecture("resnet18")).toBeNull();
  expect(smallerArchitecture("alexnet")).toBeNull();
});
