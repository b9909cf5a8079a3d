import { estimateMemory, guideNotes, type MessageValues, type TrainingConfig } from "@residual/shared";
import type { Money } from "../../money.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import { type MeasuredSpeed, passesOfStep, scaleSpeed } from "../run/measured-speed.js";
import { sizeOf } from "../run/passport-of.js";
import type { Worker } from "../worker/worker.entity.js";
import type { Preflight, PreflightFinding } from "./preflight.type.js";
import { sayPreflight } from "./preflight-messages.js";

type MemoryKey = "preflight.memoryShort" | "preflight.memoryCut" | "preflight.memoryTight";

/** Above this part of the worker's memory, the rest of the machine feels it. */
const tightFraction = 0.8;

/** Images of the train probe that each evaluation scores beside the val split (as packages/model draws it). */
const probeImages = 1_000;

/** Classes before the scan has counted them. It matters for the size of the head only. */
const assumedClasses = 10;

/** What a configuration needs and how long it will take on `worker` (the one online with the most memory, or null). */
export function checkPreflight(
  config: TrainingConfig,
  dataset: Dataset,
  worker: Worker | null,
  measured: MeasuredSpeed | null,
): Preflight {
  const classes = dataset.classes.length || assumedClasses;
  const size = sizeOf(config, classes, worker?.backend);
  const memoryBytes = Math.round(size.predictedMemoryBytes);
  const availableBytes = worker?.memoryBytes ?? null;
  const imagesPerSecond = measured
    ? scaleSpeed(measured, size.macs, config.gradientCheckpointing)
    : speedOfWorker(worker, size.macs, config);
  const secondsPerEpoch = imagesPerSecond && imagesOfEpoch(config, dataset) / imagesPerSecond;
  const seconds = secondsPerEpoch ? secondsPerEpoch * config.epochs : null;
  const findings = [
    ...memoryFindings(memoryBytes, worker, config, (images) =>
      estimateMemory({ ...config, batchSize: images, microBatches: 1 }, classes, worker?.backend),
    ),
    ...(config.gradientCheckpointing ? [checkpointingFinding] : []),
    ...datasetFindings(config, dataset),
    ...(measured ? [] : [speedFinding(worker)]),
  ];
  return {
    fits: findings.every(({ severity }) => severity !== "BAD"),
    parameters: size.parameters,
    macs: size.macs,
    memoryBytes,
    availableBytes,
    secondsPerEpoch: secondsPerEpoch || null,
    seconds,
    cost: costOf(seconds, worker),
    checkpointBytes: size.checkpointBytes,
    findings,
  };
}

/** Training images of an epoch, and those of its evaluations at what a forward pass costs beside a step; 0 if unknown. */
function imagesOfEpoch(config: TrainingConfig, dataset: Dataset): number {
  const train = trainImages(config, dataset);
  if (train === null) return 0;
  const val = dataset.classes.reduce((sum, entry) => sum + entry.val, 0);
  const evaluated = Math.min(train, Math.max(probeImages, val)) + val;
  const evaluations = config.evalUnit === "STEP" ? train / config.batchSize / config.evalEvery : 1 / config.evalEvery;
  return train + (evaluated / passesOfStep(config.gradientCheckpointing)) * evaluations;
}

function trainImages(config: TrainingConfig, dataset: Dataset): number | null {
  if (dataset.status !== "READY") return null;
  const all = dataset.classes.reduce((sum, entry) => sum + entry.train, 0);
  return Math.min(all, config.trainImages ?? all);
}

/** Two floating-point operations a multiply-add, at the speed that the worker measured for its best executor. */
function speedOfWorker(worker: Worker | null, macs: number, config: TrainingConfig): number | null {
  const passes = passesOfStep(config.gradientCheckpointing);
  return worker && worker.gigaflops > 0 ? (worker.gigaflops * 1e9) / (2 * passes * macs) : null;
}

function costOf(seconds: number | null, worker: Worker | null): Money | null {
  if (seconds === null || !worker?.hourlyRate) return null;
  const { amount, currency } = worker.hourlyRate;
  return { amount: (amount * seconds) / 3600, currency };
}

/** @param bytesOf memory of a step that computes so many images at a time */
function memoryFindings(
  memoryBytes: number,
  worker: Worker | null,
  { batchSize }: TrainingConfig,
  bytesOf: (images: number) => number,
): PreflightFinding[] {
  if (!worker) return [{ severity: "WARN", field: null, message: sayPreflight("preflight.noWorker") }];
  const finding = (severity: "BAD" | "WARN", key: MemoryKey, values: MessageValues): PreflightFinding[] => {
    const available = gigabytes(worker.memoryBytes);
    return [{ severity, field: "batchSize", message: sayPreflight(key, { available, ...values }) }];
  };
  if (memoryBytes > worker.memoryBytes) {
    const least = bytesOf(1);
    if (least > worker.memoryBytes) return finding("BAD", "preflight.memoryShort", { needed: gigabytes(least) });
    const images = Math.floor((worker.memoryBytes - bytesOf(0)) / (least - bytesOf(0)));
    const parts = Math.ceil(batchSize / images);
    const cut = { needed: gigabytes(memoryBytes), parts, images: Math.ceil(batchSize / parts) };
    return finding("WARN", "preflight.memoryCut", cut);
  }
  if (memoryBytes < tightFraction * worker.memoryBytes) return [];
  return finding("WARN", "preflight.memoryTight", { needed: gigabytes(memoryBytes) });
}

const checkpointingFinding: PreflightFinding = {
  severity: "INFO",
  field: "gradientCheckpointing",
  message: sayPreflight("preflight.checkpointing"),
};

function datasetFindings(config: TrainingConfig, dataset: Dataset): PreflightFinding[] {
  const images = trainImages(config, dataset);
  if (images === null) return [{ severity: "INFO", field: null, message: sayPreflight("preflight.scanning") }];
  const findings: PreflightFinding[] = [];
  if (config.batchSize > images) {
    const message = sayPreflight("preflight.batchLargerThanSplit", { batchSize: config.batchSize, images });
    findings.push({ severity: "BAD", field: "batchSize", message });
  }
  const notes = guideNotes(config.architecture, { images: dataset.imageCount, classes: dataset.classes.length });
  const tooFew = notes.find(({ message }) => message.key === "guide.note.belowMinimum");
  if (tooFew) findings.push({ severity: "WARN", field: "architecture", message: tooFew.message });
  return findings;
}

function speedFinding(worker: Worker | null): PreflightFinding {
  const message = worker?.gigaflops
    ? sayPreflight("preflight.speedFromWorker", { gigaflops: Math.round(worker.gigaflops) })
    : sayPreflight("preflight.speedUnknown");
  return { severity: "INFO", field: null, message };
}

function gigabytes(bytes: number): number {
  return Math.round(bytes / 1e8) / 10;
}
