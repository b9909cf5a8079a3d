import { createHash } from "node:crypto";
import { type Message, sayNotice, type TrainingConfig, withRandomWeights } from "@residual/shared";
import { type Normalization, normalizationOf } from "../datasets/normalization.js";
import { type Preprocessing, plainResize } from "../datasets/preprocessing.js";
import type { Session } from "../executors/executor.js";
import type { VariableSpec } from "../graph/graph.js";
import { defaultCheckpoints } from "../hub/default-checkpoints.js";
import { initializeVariables } from "../weights/initialize.js";
import { descriptionFromMetadata } from "../weights/model-description.js";
import { loadPretrained, type Pretrained } from "../weights/pretrained/load-pretrained.js";
import { WeightsNotFound } from "../weights/pretrained/pretrained-error.js";
import { readAbout } from "./checkpoint-file.js";
import type { TrainOptions } from "./train.js";
import type { InitialWeights } from "./training-event.js";
import { inGroups } from "./variable-groups.js";

const RANDOM: InitialWeights = { source: "RANDOM", sha256: null, layout: null, replaced: [], resized: [] };

/** What a run begins with: its weights, and what follows from them. */
export class StartingPoint {
  private constructor(
    /** As it is really trained. */
    readonly config: TrainingConfig,
    readonly initialWeights: InitialWeights,
    /** How images are prepared for these weights. */
    readonly preprocessing: Preprocessing,
    /** That the weights are random, and why. */
    readonly notice: Message | undefined,
    private readonly options: TrainOptions,
    private loaded: Pretrained | undefined,
  ) {}

  /**
   * Finds the weights of a run: those of the config's `initialWeights`, or for a run that goes on, what its checkpoint says of them.
   * Throws a PretrainedError where weights that were named cannot be used; AUTO begins with random ones instead, with a notice.
   */
  static async find(options: TrainOptions): Promise<StartingPoint> {
    const { config, architecture } = options;
    const ofFamily = { ...plainResize, ...standardized(normalizationOf(architecture.family)) };
    if (options.resumeFrom !== undefined) return StartingPoint.ofCheckpoint(options, options.resumeFrom, ofFamily);
    if (config.initialWeights === "RANDOM") {
      const notice = sayNotice("notice.trainedFromScratch.asked", {});
      return new StartingPoint(config, RANDOM, ofFamily, notice, options, undefined);
    }
    try {
      const pretrained = await load(options, config.initialWeights);
      const { report } = pretrained;
      return new StartingPoint(
        config,
        initialWeightsOf(pretrained),
        report.preprocessing,
        undefined,
        options,
        pretrained,
      );
    } catch (error) {
      // Weights that are there but damaged, or for another network, are no reason to begin without.
      if (config.initialWeights !== "AUTO" || !(error instanceof WeightsNotFound)) throw error;
      const isKnown = defaultCheckpoints[architecture.id] !== undefined;
      const notice = isKnown
        ? sayNotice("notice.trainedFromScratch.notFound", { architecture: architecture.name, reason: error.message })
        : sayNotice("notice.trainedFromScratch.noneKnown", { architecture: architecture.name });
      return new StartingPoint(withRandomWeights(config), RANDOM, ofFamily, notice, options, undefined);
    }
  }

  private static async ofCheckpoint(
    options: TrainOptions,
    path: string,
    ofFamily: Preprocessing,
  ): Promise<StartingPoint> {
    const about = await readAbout(path);
    const { preprocessing = ofFamily } = descriptionFromMetadata(about);
    const kept = about.get("initialWeights");
    const initialWeights = kept === undefined ? RANDOM : (JSON.parse(kept) as InitialWeights);
    const isFallback = initialWeights.source === "RANDOM" && options.config.initialWeights === "AUTO";
    const config = isFallback ? withRandomWeights(options.config) : options.config;
    return new StartingPoint(config, initialWeights, preprocessing, undefined, options, undefined);
  }

  get normalization(): Normalization {
    const { mean, standardDeviation } = this.preprocessing;
    return { mean, deviation: standardDeviation };
  }

  /** Gives the variables the values that they begin with, zero to optimizer slots; one at a time, as they may be gigabytes together. */
  async writeInto(session: Session, variables: readonly VariableSpec[]): Promise<void> {
    const { family } = this.options.architecture;
    const isRandom = this.initialWeights.source === "RANDOM";
    const loaded = isRandom ? undefined : (this.loaded ?? (await load(this.options, this.initialWeights.source)));
    // They are needed once.
    this.loaded = undefined;
    for (const group of inGroups(variables)) {
      const values = initializeVariables(
        { variables: group.filter(({ name }) => !loaded?.values.has(name)) },
        family,
        this.config.seed,
      );
      for (const { name } of group) {
        const pretrained = loaded?.values.get(name);
        if (pretrained) values.set(name, pretrained);
        loaded?.values.delete(name);
      }
      await session.write(values);
    }
  }

  /** For those who go on from a checkpoint of this run. */
  toMetadata(): Record<string, string> {
    return { initialWeights: JSON.stringify(this.initialWeights) };
  }
}

async function load(options: TrainOptions, wanted: string): Promise<Pretrained> {
  const { architecture, config, dataset, signal, onPhase } = options;
  const source = wanted === "AUTO" ? defaultCheckpoints[architecture.id]?.source : wanted;
  if (source === undefined) throw new WeightsNotFound(`There are no public weights of ${architecture.name}.`);
  return loadPretrained({
    source,
    architecture,
    imageSize: config.imageSize,
    classes: dataset.classes.length,
    seed: config.seed,
    onProgress: ({ doneBytes, totalBytes }) => onPhase?.("fetching weights", doneBytes, totalBytes),
    ...(signal ? { signal } : {}),
  });
}

function initialWeightsOf({ report }: Pretrained): InitialWeights {
  const { source, files, layout, replaced, resized } = report;
  return {
    source,
    sha256: digestOf(files.map((file) => file.sha256)),
    layout,
    replaced,
    resized: resized ? ["pos_embed"] : [],
  };
}

/** Of several shards a digest of theirs. */
function digestOf(digests: readonly string[]): string {
  return digests.length === 1 ? digests[0]! : createHash("sha256").update(digests.join("\n")).digest("hex");
}

function standardized({ mean, deviation }: Normalization): Pick<Preprocessing, "mean" | "standardDeviation"> {
  return { mean, standardDeviation: deviation };
}
