import type { EntityManager } from "typeorm";
import { Dataset } from "../dataset/dataset.entity.js";
import { Experiment } from "../experiment/experiment.entity.js";

type FrozenExperiment = Pick<Experiment, "name" | "question" | "selectionMetric">;
type FrozenDataset = Pick<
  Dataset,
  "name" | "status" | "imageCount" | "classes" | "contentHash" | "splitSeed" | "warnings"
>;

/** What stands around the runs of a frozen link, as it was: by id. */
export interface FrozenSurroundings {
  /** Of the project. */
  readonly gapThreshold: number;
  readonly experiments: Readonly<Record<string, FrozenExperiment>>;
  readonly datasets: Readonly<Record<string, FrozenDataset>>;
}

/** Takes down what the runs, and the experiment where the link shares one, are shown with. */
export async function freezeSurroundings(
  tx: EntityManager,
  {
    distKey,
    projectId,
    experimentId,
    runIds,
  }: { distKey: number; projectId: string; experimentId: string | null; runIds: string[] },
): Promise<FrozenSurroundings> {
  const [project]: [{ gap_threshold: number }] = await tx.query("SELECT gap_threshold FROM project WHERE id = $1", [
    projectId,
  ]);
  const around: { experiment_id: string; dataset_id: string | null }[] = await tx.query(
    "SELECT DISTINCT experiment_id, dataset_id FROM run WHERE dist_key = $1 AND id = ANY($2)",
    [distKey, runIds],
  );
  const experiments: ({ id: string } & FrozenExperiment)[] = await tx.query(
    `SELECT id, name, question, selection_metric AS "selectionMetric" FROM experiment
     WHERE id = ANY($1)`,
    [[experimentId, ...around.map((run) => run.experiment_id)]],
  );
  const datasets: ({ id: string } & FrozenDataset)[] = await tx.query(
    `SELECT id, name, status, image_count AS "imageCount", classes, content_hash AS "contentHash", split_seed AS "splitSeed", warnings
     FROM dataset WHERE id = ANY($1)`,
    [around.map((run) => run.dataset_id)],
  );
  return { gapThreshold: project.gap_threshold, experiments: byId(experiments), datasets: byId(datasets) };
}

/** The experiment as it was; as it is, where the link does not know it. */
export function thawExperiment(experiment: Experiment, frozen: FrozenSurroundings | null): Experiment {
  return Object.assign(new Experiment(), experiment, frozen?.experiments[experiment.id]);
}

/** The dataset as it was; as it is, where the link does not know it. */
export function thawDataset(dataset: Dataset, frozen: FrozenSurroundings | null): Dataset {
  return Object.assign(new Dataset(), dataset, frozen?.datasets[dataset.id]);
}

function byId<T>(rows: readonly ({ id: string } & T)[]): Record<string, T> {
  return Object.fromEntries(rows.map(({ id, ...frozen }) => [id, frozen as T]));
}
