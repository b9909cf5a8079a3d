import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Session } from "../executors/executor.js";
import type { VariableSpec } from "../graph/graph.js";
import { fromTorchLayout, type LayoutVariable, torchShape, toTorchLayout } from "../weights/layout.js";
import { openSafetensors, type SafetensorsFile } from "../weights/safetensors-reader.js";
import { type WrittenFile, writeSafetensors } from "../weights/safetensors-writer.js";
import { CheckpointError } from "./training-error.js";
import type { ValScore } from "./training-state.js";
import { GroupedReading, inGroups } from "./variable-groups.js";

/** Where training stood when a checkpoint was written. Everything random follows from the run's seed and the step. */
export interface CheckpointPosition {
  readonly step: number;
  /** Whether the weights had been scored already, and how val did if this step was. */
  readonly evaluated: boolean;
  readonly score: ValScore | undefined;
  readonly lowestLoss: number;
  readonly lowestLossStep: number;
  readonly evaluationsWithoutGain: number;
  readonly learningRateFactor: number;
  /** As the run is trained by now: more and frozen where memory ran out. Undefined in checkpoints from before that was kept. */
  readonly microBatches: number | undefined;
  readonly freezeBatchNorm: boolean | undefined;
}

/** A variable has values that are no numbers: nothing can be gone on from it. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";

  constructor(readonly variable: string) {
    super(`${variable} has values that are not finite`);
  }
}

/**
 * Writes all variables of a session, optimizer slots included, as safetensors with timm's names and PyTorch's layout, so that
 * the weights load into timm as they are. `about` says which run this is and how its weights are used. Throws a NonFiniteError, and
 * leaves no file, for weights that are no numbers.
 */
export async function writeCheckpoint(
  path: string,
  session: Session,
  variables: readonly VariableSpec[],
  position: CheckpointPosition,
  about: Readonly<Record<string, string>>,
): Promise<WrittenFile> {
  const layouts = layoutsOf(variables);
  const reading = new GroupedReading(session, variables);
  const tensors = variables.map(({ name }) => ({
    name,
    shape: torchShape(layouts.get(name)!),
    data: async () => {
      const data = await reading.take(name);
      if (!isFiniteEverywhere(data)) throw new NonFiniteError(name);
      return toTorchLayout(layouts.get(name)!, data);
    },
  }));
  return writeSafetensors(path, tensors, { ...about, ...positionToMetadata(position) });
}

/** Loads a checkpoint into a session. Throws a CheckpointError when it is damaged or belongs to another run. */
export async function readCheckpoint(
  path: string,
  session: Session,
  variables: readonly VariableSpec[],
  identity: Readonly<Record<string, string>>,
): Promise<CheckpointPosition> {
  const layouts = layoutsOf(variables);
  return withCheckpoint(path, async (file) => {
    for (const [key, value] of Object.entries(identity)) {
      const found = file.metadata.get(key);
      // An earlier version said less of a run.
      if (found !== undefined && found !== value) {
        throw new CheckpointError(
          `${path} is a checkpoint of another run: its ${key} is ${found}, this run's is ${value}.`,
        );
      }
    }
    for (const group of inGroups(variables)) {
      const values = new Map<string, Float32Array>();
      for (const { name } of group) values.set(name, fromTorchLayout(layouts.get(name)!, await file.read(name)));
      await session.write(values);
    }
    return positionFromMetadata(path, file.metadata);
  });
}

/** Where the checkpoint stands, from its header alone. Throws a CheckpointError when it is damaged. */
export async function readPosition(path: string): Promise<CheckpointPosition> {
  return withCheckpoint(path, async (file) => positionFromMetadata(path, file.metadata));
}

/** What was said of a checkpoint when it was written. Throws a CheckpointError when it is damaged. */
export async function readAbout(path: string): Promise<ReadonlyMap<string, string>> {
  return withCheckpoint(path, async (file) => file.metadata);
}

/** Whether the file is there and has this SHA-256. */
export async function verifyCheckpoint(path: string, sha256: string): Promise<boolean> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return false;
  }
  return hash.digest("hex") === sha256;
}

async function withCheckpoint<Result>(path: string, use: (file: SafetensorsFile) => Promise<Result>): Promise<Result> {
  let file: SafetensorsFile | undefined;
  try {
    file = await openSafetensors(path);
    return await use(file);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(`The checkpoint cannot be gone on from: ${(error as Error).message}`, { cause: error });
  } finally {
    await file?.close();
  }
}

function isFiniteEverywhere(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return false;
  return true;
}

/** A slot `momentum/conv1.weight` is stored in the layout of the weight that it belongs to. */
function layoutsOf(variables: readonly VariableSpec[]): Map<string, LayoutVariable> {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return new Map(
    variables.map((variable) => {
      const owner =
        variable.kind === "slot" ? byName.get(variable.name.slice(variable.name.indexOf("/") + 1)) : undefined;
      return [variable.name, owner ?? variable];
    }),
  );
}

function positionToMetadata(position: CheckpointPosition): Record<string, string> {
  const { step, evaluated, score } = position;
  const metadata = {
    step: String(step),
    evaluated: String(evaluated),
    lowestLoss: String(position.lowestLoss),
    lowestLossStep: String(position.lowestLossStep),
    evaluationsWithoutGain: String(position.evaluationsWithoutGain),
    learningRateFactor: String(position.learningRateFactor),
    partsOfBatch: String(position.microBatches),
    batchNormIsFrozen: String(position.freezeBatchNorm),
  };
  return score ? { ...metadata, valAccuracy: String(score.accuracy), valLoss: String(score.loss) } : metadata;
}

function positionFromMetadata(path: string, metadata: ReadonlyMap<string, string>): CheckpointPosition {
  const step = Number(metadata.get("step"));
  if (!Number.isSafeInteger(step) || step < 1)
    throw new CheckpointError(`${path} does not say at which step it was written.`);
  const [parts, isFrozen] = [metadata.get("partsOfBatch"), metadata.get("batchNormIsFrozen")];
  const accuracy = metadata.get("valAccuracy");
  const score =
    accuracy === undefined ? undefined : { accuracy: Number(accuracy), loss: Number(metadata.get("valLoss")) };
  return {
    step,
    evaluated: metadata.get("evaluated") === "true",
    score,
    // Checkpoints from before there was early stopping do not say.
    lowestLoss: Number(metadata.get("lowestLoss") ?? Number.POSITIVE_INFINITY),
    lowestLossStep: Number(metadata.get("lowestLossStep") ?? 0),
    evaluationsWithoutGain: Number(metadata.get("evaluationsWithoutGain") ?? 0),
    learningRateFactor: Number(metadata.get("learningRateFactor") ?? 1),
    microBatches: parts === undefined ? undefined : Number(parts),
    freezeBatchNorm: isFrozen === undefined ? undefined : isFrozen === "true",
  };
}
