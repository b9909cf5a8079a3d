import type { MetricValues } from "@residual/client";
import type { EvaluatedEvent, SplitScore, StepEvent } from "@residual/model";

/** The series that a step adds to. */
export function metricsOfStep(event: StepEvent): MetricValues {
  return {
    "train/running_loss": event.runningLoss,
    "train/running_accuracy": event.runningAccuracy,
    "train/learning_rate": event.learningRate,
    "train/gradient_norm": event.gradientNorm,
    "system/images_per_second": event.imagesPerSecond,
    "system/loader_wait_seconds": event.loaderWaitSeconds,
  };
}

/** The series that an evaluation adds to: both sides in evaluation mode with the same weights. */
export function metricsOfEvaluation({ train, val }: EvaluatedEvent): MetricValues {
  return { ...metricsOfScore("train", train), ...metricsOfScore("val", val) };
}

function metricsOfScore(split: "train" | "val", score: SplitScore): MetricValues {
  const { examples, correct, top5Correct } = score;
  return {
    [`${split}/loss`]: score.meanLoss,
    [`${split}/accuracy`]: correct / examples,
    ...(top5Correct === undefined ? {} : { [`${split}/top5_accuracy`]: top5Correct / examples }),
    [`${split}/balanced_accuracy`]: score.balancedAccuracy,
    [`${split}/macro_f1`]: score.macroF1,
    [`${split}/ece`]: score.expectedCalibrationError,
  };
}
