import { completeTrainingConfig, type TrainingConfigInput } from "@residual/shared";
import type pg from "pg";
import { newId } from "./ids.js";
import { insertExperiment } from "./modules/experiment/experiment.service.js";
import { insertDataset } from "./modules/job/scan-dataset.js";
import { insertRun } from "./modules/job/start-run.js";
import { transaction } from "./transaction.js";

/**
 * The first question, in the order of its runs: the quickest first, so that there is something to see soon. All with the same
 * budget, or the answer would be about the budget. Six epochs are measured for two cores without BLAS: the first run ends
 * within 4 minutes, all within 25. Learning rates are the guide's highest, as the weights are random.
 */
const budget = { epochs: 6, batchSize: 32, imageSize: 32, initialWeights: "RANDOM" } as const;
const whichBackbone: TrainingConfigInput[] = [
  { architecture: "resnet18", learningRate: 1e-3, ...budget },
  { architecture: "resnet50", learningRate: 5e-4, ...budget },
  { architecture: "resnet101", learningRate: 1e-4, ...budget },
  { architecture: "vit_base_patch16_224", learningRate: 1e-4, ...budget },
];

const shippedDataset = { name: "Fashion-MNIST, 1,500 images", valFraction: 0.15, testFraction: 0.1, splitSeed: 0 };

/**
 * Gives an empty database its project `main`, and with `datasetPath` the shipped dataset and the experiment "Which
 * backbone?" with a run of each candidate. All or nothing, and once: a database with a project is left alone.
 */
export async function firstStart(
  pool: pg.Pool,
  datasetPath: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  await transaction(pool, async (client) => {
    // Of two processes that start at once, the second waits here and then finds a project.
    await client.query("LOCK TABLE project IN SHARE ROW EXCLUSIVE MODE");
    const { rowCount } = await client.query("SELECT FROM project LIMIT 1");
    if (rowCount) return;
    const { rows } = await client.query<{ id: string; distKey: number }>(
      `INSERT INTO project (id, slug, name) VALUES ($1, 'main', 'Main') RETURNING id, dist_key AS "distKey"`,
      [newId("prj")],
    );
    if (datasetPath === undefined) return;
    const project = rows[0]!;
    const datasetId = await insertDataset(client, project, { ...shippedDataset, path: datasetPath });
    const experimentId = await insertExperiment(client, project, {
      name: "Which backbone?",
      question: "Which architecture classifies these images best, and what does it cost?",
      selectionMetric: "val/accuracy",
    });
    const experiment = { id: experimentId, distKey: project.distKey, projectId: project.id };
    for (const input of whichBackbone) {
      await insertRun(
        client,
        experiment,
        { id: datasetId },
        { config: completeTrainingConfig(input), tags: [], priority: 0 },
      );
    }
    log(`First start: ${whichBackbone.length} runs are queued on ${datasetPath}`);
  });
}
