import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

/** A network that is this sure of another class than the label says is often right. */
export const sureMistake = 0.95;

/** Fewer of these are to be expected of any network. */
const tellingMistakes = 3;
const tellingShare = 0.01;

/** The same image in the folders of two classes, or val images that are taken for another class without doubt. */
export function adviseDoubtfulLabels({ labels }: RunEvidence): Advice | null {
  if (labels === null) return null;
  const { conflicts, sureMistakes, scored } = labels;
  const areMany = sureMistakes >= tellingMistakes && sureMistakes >= tellingShare * scored;
  if (conflicts === 0 && !areMany) return null;
  return {
    rule: "DOUBTFUL_LABELS",
    severity: conflicts > 0 ? "WARN" : "INFO",
    finding:
      conflicts > 0
        ? sayFinding("advice.labels.conflicts", { images: conflicts })
        : sayFinding("advice.labels.sureMistakes", {
            images: sureMistakes,
            examples: scored,
            confidence: 100 * sureMistake,
          }),
    actions: [adviseOnly("reviewMistakes", sayAction("advice.action.reviewMistakes", {}))],
  };
}
