import { percent } from "../../message/percent.js";
import { examplesForPairedDifference } from "../../statistics/sample-size.js";
import { trainingBounds } from "../../training-config/training-bounds.js";
import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

const worthwhile = 0.01;
const usualDiscordance = 0.1;

/** A larger network that is not better than the next smaller one by what these val images can show, or by less than a point. */
export function adviseMarginalGain(evidence: RunEvidence): Advice | null {
  const { smallerNetwork, config } = evidence;
  if (smallerNetwork === null || evidence.status !== "FINISHED") return null;
  const { name, timeRatio, test } = smallerNetwork;
  if (test.low > 0 && test.estimate >= worthwhile) return null;
  const shown = { other: name, difference: percent(test.estimate), low: percent(test.low), high: percent(test.high) };
  const times = timeRatio === null ? null : Math.round(10 * timeRatio) / 10;
  const images = Math.ceil(examplesForPairedDifference(0.02, usualDiscordance));
  return {
    rule: "MARGINAL_GAIN",
    severity: "INFO",
    finding:
      test.examples < images
        ? sayFinding("advice.marginal.tooFew", { ...shown, examples: test.examples, images })
        : sayFinding("advice.marginal.finding", { ...shown, times }),
    actions: [
      adviseOnly("keepSmaller", sayAction("advice.action.keepSmaller", { network: name, times })),
      ...(config === null ? [] : attempts(evidence, config)),
    ],
  };
}

function attempts(evidence: RunEvidence, config: NonNullable<RunEvidence["config"]>): Advice["actions"] {
  const bounds = trainingBounds(config.architecture, config.beyondGuide);
  const epochs = Math.min(bounds.epochs.max, Math.ceil(config.epochs * 1.5));
  const learningRate = Math.min(bounds.learningRate.max, Number((config.learningRate * 2).toPrecision(2)));
  return [
    ...plan(evidence, "moreEpochs", sayAction("advice.action.moreEpochs", { epochs }), { epochs }),
    ...plan(evidence, "higherRate", sayAction("advice.action.higherRate", { learningRate }), { learningRate }),
  ];
}
