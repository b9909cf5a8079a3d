import { percent } from "../../message/percent.js";
import { wilsonInterval } from "../../statistics/proportion-interval.js";
import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

const weakRecall = 0.3;
const imbalance = 10;

/** Classes of which less than a third is recognised, where the val images of the class can tell (Wilson), and unequal classes. */
export function adviseWeakClasses(evidence: RunEvidence): Advice | null {
  const { classes, config } = evidence;
  if (!classes || classes.length < 2 || evidence.evaluations.length === 0) return null;
  const weak = classes.filter(({ recall, val }) => recall !== null && isSurelyWeak(recall, val));
  const train = classes.map((one) => one.train).filter((count) => count > 0);
  const ratio = train.length < 2 ? 1 : Math.max(...train) / Math.min(...train);
  if (weak.length === 0 && ratio <= imbalance) return null;
  const worst = weak.toSorted((a, b) => a.recall! - b.recall!)[0];
  return {
    rule: "WEAK_CLASSES",
    severity: worst ? "WARN" : "INFO",
    finding: worst
      ? sayFinding("advice.weakClasses.finding", {
          classes: weak.length,
          className: worst.name,
          recall: percent(worst.recall!),
          images: worst.train,
        })
      : sayFinding("advice.weakClasses.imbalance", { ratio: Math.round(ratio) }),
    actions: [
      ...(ratio > 3 && config?.classWeighting === "NONE"
        ? plan(evidence, "classWeighting", sayAction("advice.action.classWeighting", {}), {
            classWeighting: "BALANCED",
          })
        : []),
      adviseOnly("reviewLabels", sayAction("advice.action.reviewLabels", {})),
    ],
  };
}

function isSurelyWeak(recall: number, val: number): boolean {
  const interval = wilsonInterval(Math.round(recall * val), val);
  return recall < weakRecall && interval !== null && interval.high < 0.5;
}
