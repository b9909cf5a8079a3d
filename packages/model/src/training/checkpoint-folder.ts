import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../executors/executor.js";
import { elementCount } from "../graph/shape.js";
import { isDiskFull } from "../weights/is-disk-full.js";
import { descriptionToMetadata } from "../weights/model-description.js";
import { NonFiniteError, readCheckpoint, readPosition, writeCheckpoint } from "./checkpoint-file.js";
import type { StartingPoint } from "./starting-point.js";
import type { TrainOptions } from "./train.js";
import { CheckpointError } from "./training-error.js";
import type { CheckpointedEvent } from "./training-event.js";
import type { Programs } from "./training-programs.js";
import { TrainingState, type ValScore } from "./training-state.js";
import { inGroups } from "./variable-groups.js";

const FILE = /^step-\d+\.safetensors$/;
/** Of the newest checkpoints this many stay, beside the best one: should the newest be damaged, there is another. */
const KEPT = 2;

/** Fields of the config that decide no step, or that a run adapts to what it finds and keeps in another way. */
const adapted: ReadonlySet<string> = new Set(["beyondGuide", "initialWeights", "microBatches", "freezeBatchNorm"]);

interface Checkpoint {
  readonly path: string;
  readonly step: number;
  readonly score: ValScore | undefined;
}

/** The checkpoints of one run on this machine's disk: `step-<n>.safetensors`, the last two and the best. */
export class CheckpointFolder {
  private constructor(
    private readonly options: TrainOptions,
    private readonly start: StartingPoint,
    private readonly programs: Programs,
    private kept: Checkpoint[],
  ) {}

  /** Makes the folder where it is missing, and removes what an interrupted worker left half-written. */
  static async open(options: TrainOptions, start: StartingPoint, programs: Programs): Promise<CheckpointFolder> {
    const folder = options.checkpointFolder;
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.endsWith(".unfinished")) await rm(join(folder, name), { force: true });
    }
    return new CheckpointFolder(options, start, programs, await readCheckpoints(folder));
  }

  /** Gives the session its variables: a checkpoint's, or those that the run begins with. */
  async restore(session: Session, path: string | undefined): Promise<TrainingState> {
    const { variables, accumulators } = this.programs;
    for (const group of inGroups(accumulators)) {
      await session.write(new Map(group.map(({ name, shape }) => [name, new Float32Array(elementCount(shape))])));
    }
    if (path === undefined) {
      await this.start.writeInto(session, variables);
      return new TrainingState(0);
    }
    const position = await readCheckpoint(path, session, variables, this.identity());
    const state = new TrainingState(position.step);
    state.saved();
    if (position.evaluated) state.evaluatedStep = position.step;
    state.score = position.score;
    state.lowestLoss = position.lowestLoss;
    state.lowestLossStep = position.lowestLossStep;
    state.evaluationsWithoutGain = position.evaluationsWithoutGain;
    state.learningRateFactor = position.learningRateFactor;
    return state;
  }

  /** The checkpoint with the most steps. */
  get newest(): Pick<Checkpoint, "path" | "step"> | undefined {
    return [...this.kept].sort((a, b) => b.step - a.step)[0];
  }

  /** The one that val scored best. */
  get best(): Pick<Checkpoint, "path" | "step"> | undefined {
    return bestOf(this.kept);
  }

  /** Whether weights with this score would be the best ones. */
  wouldBeBest(step: number, score: ValScore): boolean {
    const candidate = { path: "", step, score };
    return bestOf([...this.kept.filter((checkpoint) => checkpoint.step !== step), candidate]) === candidate;
  }

  /**
   * Writes the session's variables. On a full disk the earlier checkpoints stay as they are, and the CheckpointError says so. Throws a
   * NonFiniteError for weights that are no numbers.
   */
  async save(session: Session, state: TrainingState): Promise<Omit<CheckpointedEvent, "type" | "epoch">> {
    const { checkpointFolder } = this.options;
    const { step } = state;
    const path = join(checkpointFolder, `step-${String(step).padStart(9, "0")}.safetensors`);
    const score = state.evaluatedStep === step ? state.score : undefined;
    const { lowestLoss, lowestLossStep, evaluationsWithoutGain, learningRateFactor } = state;
    const { microBatches, freezeBatchNorm } = this.programs;
    const adaptation = { learningRateFactor, microBatches, freezeBatchNorm };
    const progress = { lowestLoss, lowestLossStep, evaluationsWithoutGain, ...adaptation };
    const position = { step, evaluated: state.evaluatedStep === step, score, ...progress };
    const metadata = { ...this.identity(), ...this.description() };
    const written = await writeCheckpoint(path, session, this.programs.variables, position, metadata).catch(
      (error: unknown) => {
        throw error instanceof NonFiniteError ? error : this.explain(error as Error);
      },
    );
    state.saved();
    this.kept = [...this.kept.filter((checkpoint) => checkpoint.step !== step), { path, step, score }];
    await this.prune();
    return { path, step, ...written };
  }

  private async prune(): Promise<void> {
    const newest = [...this.kept].sort((a, b) => b.step - a.step);
    const best = bestOf(newest);
    const staying = newest.filter(
      (checkpoint, index) => index < KEPT || checkpoint === best || this.options.isProtected?.(checkpoint.path),
    );
    for (const { path } of newest) {
      if (!staying.some((checkpoint) => checkpoint.path === path)) await rm(path, { force: true });
    }
    this.kept = staying;
  }

  private explain(error: Error): Error {
    const { checkpointFolder } = this.options;
    const last = this.kept.reduce((step, checkpoint) => Math.max(step, checkpoint.step), 0);
    const intact = last > 0 ? `The checkpoint of step ${last} is intact` : "There is no earlier checkpoint";
    const megabytes = Math.ceil(this.programs.facts.checkpointBytes / 1e6);
    return new CheckpointError(
      isDiskFull(error)
        ? `No space for a checkpoint of ${megabytes} MB in ${checkpointFolder}. ${intact}. Free some space and resume the run.`
        : `The checkpoint could not be written to ${checkpointFolder}: ${error.message}. ${intact}.`,
      { cause: error },
    );
  }

  /** What has to be known to use the weights elsewhere, and where they began. */
  private description(): Record<string, string> {
    const { architecture, dataset } = this.options;
    const { config, preprocessing } = this.start;
    const classNames = dataset.classes.map(({ name }) => name);
    return {
      ...descriptionToMetadata({
        architecture: architecture.id,
        imageSize: config.imageSize,
        classNames,
        preprocessing,
      }),
      ...this.start.toMetadata(),
    };
  }

  /** What must agree for a run to go on from a checkpoint: all that decides its next step. */
  private identity(): Record<string, string> {
    const { architecture, dataset } = this.options;
    const { config } = this.start;
    const settings = Object.entries(config).filter(([field]) => !adapted.has(field));
    return {
      seed: String(config.seed),
      ...Object.fromEntries(settings.map(([field, value]) => [field, String(value)])),
      architecture: architecture.id,
      batchSize: String(this.programs.facts.batchSize),
      dataset: dataset.contentHash,
    };
  }
}

/** Removes all but the best checkpoint of a run that nobody will resume: a large network's would fill a disk. */
export async function keepBestCheckpoint(folder: string): Promise<void> {
  const checkpoints = await readCheckpoints(folder);
  const best = bestOf(checkpoints);
  if (!best) return;
  for (const { path } of checkpoints) if (path !== best.path) await rm(path, { force: true });
}

/** The readable checkpoints in a folder; a damaged one is passed over, not removed. */
async function readCheckpoints(folder: string): Promise<Checkpoint[]> {
  const found: Checkpoint[] = [];
  for (const name of (await readdir(folder)).filter((name) => FILE.test(name))) {
    const path = join(folder, name);
    const position = await readPosition(path).catch(() => undefined);
    if (position) found.push({ path, step: position.step, score: position.score });
  }
  return found;
}

function bestOf(checkpoints: readonly Checkpoint[]): Checkpoint | undefined {
  return checkpoints.filter((checkpoint) => checkpoint.score).sort(byScore)[0];
}

/** The higher accuracy, then the lower loss, then the earlier step. */
function byScore(a: Checkpoint, b: Checkpoint): number {
  return b.score!.accuracy - a.score!.accuracy || a.score!.loss - b.score!.loss || a.step - b.step;
}
