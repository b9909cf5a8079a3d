import { gapVerdicts } from "@residual/shared";
import { expect, it } from "vitest";
import { issueOfGap } from "./verdict-issue";

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
