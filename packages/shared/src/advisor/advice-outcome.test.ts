import { expect, it } from "vitest";
import { type AppliedAdvice, judgeAdvice } from "./advice-outcome.js";

const applied = (changes: Partial<AppliedAdvice>): AppliedAdvice => ({
  rule: "OVERFITTING",
  status: "FINISHED",
  test: { low: -0.02, high: 0.02, pValue: 0.9 },
  gapBefore: { estimate: 0.2, low: 0.17, high: 0.23 },
  gapAfter: { estimate: 0.18, low: 0.15, high: 0.21 },
  ...changes,
});

it.each<[string, Partial<AppliedAdvice>, ReturnType<typeof judgeAdvice>]>([
  ["waits for the run to end", { status: "RUNNING" }, "PENDING"],
  ["calls a better val accuracy help", { test: { low: 0.01, high: 0.05, pValue: 0.01 } }, "HELPED"],
  ["calls a worse val accuracy harm", { test: { low: -0.05, high: -0.01, pValue: 0.01 } }, "HURT"],
  ["takes a gap within the old one's interval for no difference", {}, "NO_DIFFERENCE_SHOWN"],
  [
    "calls a closed gap help where val accuracy holds",
    { gapAfter: { estimate: 0.05, low: 0.03, high: 0.07 } },
    "HELPED",
  ],
  [
    "does not call a gap closed by learning less help",
    { gapAfter: { estimate: 0.05, low: 0.03, high: 0.07 }, test: { low: -0.06, high: 0.01, pValue: 0.2 } },
    "NO_DIFFERENCE_SHOWN",
  ],
  ["counts getting through where the run had failed", { rule: "OUT_OF_MEMORY", test: null }, "HELPED"],
  ["counts failing again as harm", { rule: "DIVERGED", status: "FAILED", test: null }, "HURT"],
  ["claims nothing without an evaluation", { test: null, status: "STOPPED" }, "NO_DIFFERENCE_SHOWN"],
])("%s", (_, changes, outcome) => {
  expect(judgeAdvice(applied(changes))).toBe(outcome);
});
