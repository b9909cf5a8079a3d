import { accuracyGap, lossGap } from "@residual/shared";
import type { Context } from "../../context.js";
import type { Run } from "../run/run.entity.js";
import { detailsOfEvaluation, predictionsOfEvaluation } from "./evaluation.loader.js";
import type { Evaluation } from "./evaluation.type.js";
import type { StoredEvaluation } from "./read-evaluations.js";
import { toSplitScore } from "./split-score.js";

/** A stored evaluation as the API shows it; what it says of single images is read when asked for. */
export function toEvaluation(run: Run, stored: StoredEvaluation): Evaluation {
  const { epoch, step, createdAt, arrival, train, val } = stored;
  const source = { run, arrival };
  const details = (context: Context) => context.load(detailsOfEvaluation).load(source);
  return {
    epoch,
    step,
    createdAt,
    train: toSplitScore(
      train,
      { run, split: "train", imagesHash: null },
      async (context) => (await details(context)).train,
      async () => null,
    ),
    val: toSplitScore(
      val,
      { run, split: "val", imagesHash: stored.valImagesHash },
      async (context) => (await details(context)).val,
      (context) => context.load(predictionsOfEvaluation).load(source),
    ),
    // Stored splits are not empty (score-values.ts), so that there always is a gap.
    accuracyGap: accuracyGap(stored)!,
    lossGap: lossGap(stored),
    source,
  };
}
