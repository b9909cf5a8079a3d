import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completeTrainingConfig } from "@residual/shared";
import { tinyResNet } from "../architectures/tiny.js";
import { type ImageFolderScan, scanImageFolder } from "../datasets/scan-image-folder.js";
import { referenceExecutor } from "../executors/reference/reference-executor.js";
import { type TrainOptions, train } from "./train.js";
import type { TrainingEvent } from "./training-event.js";

const shipped = new URL("../../../../datasets/fashion-mnist", import.meta.url).pathname;

/** Of a run that a tiny network does within a second. */
export const config = completeTrainingConfig({
  architecture: "resnet18",
  batchSize: 8,
  epochs: 3,
  learningRate: 1e-2,
  evalEvery: 1,
  imageSize: 16,
  optimizer: "ADAMW",
  weightDecay: 0.01,
  warmupFraction: 0.1,
  augmentation: "STANDARD",
  labelSmoothing: 0.1,
  freezeBatchNorm: false,
  trainImages: 28,
  seed: 7,
  initialWeights: "RANDOM",
});

/** Real images, and folders for the checkpoints of runs on them. */
export interface TrainingBench {
  readonly dataset: ImageFolderScan;
  /** Holds the folders of all runs. */
  readonly root: string;
  /** A new folder for the checkpoints of a run. */
  newFolder(): Promise<string>;
  /** Options of a run with checkpoints in a folder of its own. */
  options(changes?: Partial<TrainOptions>): Promise<TrainOptions>;
  remove(): Promise<void>;
}

/** Two classes that differ plainly, so that a tiny network can tell them apart within seconds. */
export async function openTrainingBench(): Promise<TrainingBench> {
  const root = await mkdtemp(join(tmpdir(), "residual-train-"));
  const whole = await scanImageFolder(shipped, { valFraction: 0.02, testFraction: 0.1, splitSeed: 0 });
  const kept = ["sandal", "trouser"].map((name) => whole.classes.findIndex((entry) => entry.name === name));
  const dataset: ImageFolderScan = {
    ...whole,
    classes: kept.map((index) => whole.classes[index]!),
    images: whole.images
      .filter((image) => kept.includes(image.class))
      .map((image) => ({ ...image, class: kept.indexOf(image.class) })),
  };
  const newFolder = () => mkdtemp(join(root, "run-"));
  const options = async (changes: Partial<TrainOptions> = {}): Promise<TrainOptions> => ({
    executor: referenceExecutor,
    architecture: tinyResNet,
    config,
    dataset,
    checkpointFolder: changes.checkpointFolder ?? (await newFolder()),
    cacheFolder: join(root, "cache"),
    ...changes,
  });
  return { dataset, root, newFolder, options, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Trains to the end. */
export async function collect(
  options: TrainOptions,
  onEvent: (event: TrainingEvent) => void = () => {},
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(options)) {
    events.push(event);
    onEvent(event);
  }
  return events;
}

export function of<Type extends TrainingEvent["type"]>(type: Type, events: readonly TrainingEvent[]) {
  return events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);
}

/** What two equal runs agree on: everything but times. */
export function essence(events: readonly TrainingEvent[]): unknown[] {
  return events.map((event) => {
    if (event.type === "step") return [event.step, event.runningLoss, event.runningAccuracy, event.gradientNorm];
    if (event.type === "evaluated") return [event.step, event.train, event.val];
    if (event.type === "checkpointed") return [event.step, event.sha256];
    if (event.type === "tested") return [event.step, event.score];
    return [event.type];
  });
}
