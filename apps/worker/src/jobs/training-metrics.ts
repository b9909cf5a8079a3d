import type { EvaluatedEvent, StepEvent } from "@residual/model";
import type { MetricValues } from "../metric-writer.js";

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
  return {
    "train/loss": train.meanLoss,
    "train/accuracy": train.correct / train.examples,
    "val/loss": val.meanLoss,
    "val/accuracy": val.correct / val.examples,
  };
}
