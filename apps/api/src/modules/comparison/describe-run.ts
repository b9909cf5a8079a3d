import { type ComparedRun, isArchitectureId, multiplyAdds, parameterCount } from "@residual/shared";
import type { Context } from "../../context.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import { initialWeightsOf } from "../run/initial-weights.js";
import { passportOf } from "../run/passport-of.js";
import type { Run } from "../run/run.entity.js";

/** What the comparison holds against each other of a run: what it was trained on, from where it started, what it cost. */
export async function describeRun(
  context: Context,
  run: Run,
  dataset: Dataset | null,
  epochsTrained: number | null,
): Promise<ComparedRun> {
  const passport = await passportOf(context, run);
  const size = passport ?? publishedSize(run);
  const trainImages = usedTrainImages(run, dataset);
  const trainSeconds =
    run.startedAt && run.finishedAt ? (run.finishedAt.getTime() - run.startedAt.getTime()) / 1_000 : null;
  const imagesPerSecond = run.measuredImagesPerSecond ?? run.progress?.imagesPerSecond ?? null;
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    origin: run.origin,
    architecture: run.architecture !== null && isArchitectureId(run.architecture) ? run.architecture : null,
    config: run.config,
    seed: run.seed,
    group: run.group,
    datasetHash: dataset?.contentHash ?? null,
    pretraining: startingWeights(run),
    trainImages,
    cost: {
      parameters: size.parameters,
      macs: size.macs,
      trainSeconds,
      imagesPerSecond,
      secondsPerEpoch: secondsPerEpoch(trainImages, imagesPerSecond, trainSeconds, epochsTrained),
      memoryBytes: run.measuredMemoryBytes,
      latencyMilliseconds: run.latencyP50Milliseconds,
      energyWattHours: run.energyWattHours,
    },
  };
}

/** Classes and pixels for which the sizes of these architectures are published. */
const published = { classes: 1000, imageSize: 224 } as const;

/**
 * Size of a network that was trained elsewhere, from its architecture: with the classes and the image size that its config names, else as
 * published, so that runs of another script can be weighed too.
 */
function publishedSize({ architecture, config }: Run): { parameters: number | null; macs: number | null } {
  if (architecture === null || !isArchitectureId(architecture)) return { parameters: null, macs: null };
  const classes = typeof config.classes === "number" ? config.classes : published.classes;
  const imageSize = typeof config.imageSize === "number" ? config.imageSize : published.imageSize;
  return {
    parameters: parameterCount(architecture, classes, imageSize),
    macs: multiplyAdds(architecture, classes, imageSize),
  };
}

function usedTrainImages(run: Run, dataset: Dataset | null): number | null {
  const limit = run.config.trainImages ?? run.config.trainExamples;
  const wanted = typeof limit === "number" ? limit : null;
  if (dataset?.status !== "READY") return run.origin === "LOGGED" ? wanted : null;
  const available = dataset.classes.reduce((sum, { train }) => sum + train, 0);
  return Math.min(wanted ?? available, available);
}

/**
 * What the worker found, or none by its config; another script says what it started from as config.pretraining. The collection
 * before the name (`timm/resnet50.a1_in1k`) says nothing of the weights.
 */
function startingWeights(run: Run): string | null {
  if (run.origin === "LOGGED") return typeof run.config.pretraining === "string" ? run.config.pretraining : null;
  const source = initialWeightsOf(run)?.source;
  return source === "RANDOM" ? "random" : (source?.replace(/^timm\//, "") ?? null);
}

/** By the measured speed of training, which leaves evaluations out; else the whole time, spread over the epochs. */
function secondsPerEpoch(
  trainImages: number | null,
  imagesPerSecond: number | null,
  trainSeconds: number | null,
  epochsTrained: number | null,
): number | null {
  if (trainImages !== null && imagesPerSecond) return trainImages / imagesPerSecond;
  return trainSeconds !== null && epochsTrained ? trainSeconds / epochsTrained : null;
}
