import {
  checkpointBytes,
  estimateMemory,
  isArchitectureId,
  multiplyAdds,
  parameterCount,
  storedTrainingConfig,
  type TrainingConfig,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { datasetById } from "../dataset/dataset.loader.js";
import type { ArchitecturePassport } from "./architecture-passport.js";
import { initialWeightsOf } from "./initial-weights.js";
import { measuredSpeedOf, scaleSpeed } from "./measured-speed.js";
import type { Run } from "./run.entity.js";
import type { RunPassport } from "./run-passport.js";

/** What the worker reported when it began; before that the closed forms, as soon as the number of classes is known. */
export async function passportOf(context: Context, run: Run): Promise<ArchitecturePassport | null> {
  const passport = run.passport ?? (await predictedPassport(context, run));
  if (!passport) return null;
  const measured = run.architecture ? await context.load(measuredSpeedOf).load(run.architecture) : null;
  return {
    ...passport,
    predictedImagesPerSecond:
      measured && scaleSpeed(measured, passport.macs, run.config.gradientCheckpointing === true),
    measuredImagesPerSecond: run.measuredImagesPerSecond,
    measuredMemoryBytes: run.measuredMemoryBytes,
    initialWeights: initialWeightsOf(run),
    inferenceImagesPerSecond: run.inferenceImagesPerSecond,
    latencyP50Milliseconds: run.latencyP50Milliseconds,
    latencyP95Milliseconds: run.latencyP95Milliseconds,
    energyWattHours: run.energyWattHours,
  };
}

async function predictedPassport(context: Context, run: Run): Promise<RunPassport | null> {
  if (run.origin !== "TRAINED_HERE" || !run.datasetId || !run.architecture || !isArchitectureId(run.architecture))
    return null;
  const dataset = await context.load(datasetById).load(run.datasetId);
  if (dataset?.status !== "READY") return null;
  return sizeOf(storedTrainingConfig(run.config as unknown as TrainingConfig), dataset.classes.length);
}

/** Parameters, multiply-adds, checkpoint and memory of a config with a head for `classes`, trained by `executor` where it is known. */
export function sizeOf(config: TrainingConfig, classes: number, executor?: string): RunPassport {
  const { architecture, imageSize } = config;
  return {
    parameters: parameterCount(architecture, classes, imageSize),
    macs: multiplyAdds(architecture, classes, imageSize),
    imageSize,
    classes,
    checkpointBytes: checkpointBytes(config, classes),
    predictedMemoryBytes: estimateMemory(config, classes, executor),
  };
}
