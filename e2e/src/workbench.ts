import { cpSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eventually, type GraphQLClient } from "./graphql-client.js";
import { repository } from "./system.js";

/** A folder of class folders with real images: a part of the shipped set, small enough to train within seconds. */
export function smallImageFolder(classes = 3, imagesPerClass = 60): string {
  const shipped = path.join(repository, "datasets", "fashion-mnist");
  const folder = mkdtempSync(path.join(tmpdir(), "residual-images-"));
  const names = readdirSync(shipped, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .slice(0, classes);
  for (const name of names) {
    mkdirSync(path.join(folder, name));
    for (const image of readdirSync(path.join(shipped, name)).sort().slice(0, imagesPerClass)) {
      cpSync(path.join(shipped, name, image), path.join(folder, name, image));
    }
  }
  return folder;
}

export interface Workbench {
  readonly project: string;
  readonly experiment: string;
  readonly dataset: string;
}

/** A project with an experiment and a scanned dataset, made through the public API. */
export async function openWorkbench(owner: GraphQLClient, folder = smallImageFolder()): Promise<Workbench> {
  const { projects } = await owner<{ projects: { nodes: { slug: string }[] } }>("{ projects { nodes { slug } } }");
  const project = projects.nodes[0]?.slug ?? "main";
  if (projects.nodes.length === 0) {
    await owner(`mutation { createProject(input: { slug: "main", name: "Main" }) { id } }`);
  }
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project, name: "Which backbone?", question: "Which one to ship?" } },
  );
  const { registerDataset } = await owner<{ registerDataset: { id: string } }>(
    "mutation($input: RegisterDatasetInput!) { registerDataset(input: $input) { id } }",
    { input: { project, name: "small", path: folder } },
  );
  await eventually(
    () =>
      owner<{ dataset: { status: string; error: string | null } }>(
        "query($id: ID!) { dataset(id: $id) { status error } }",
        { id: registerDataset.id },
      ),
    ({ dataset }) => dataset.status === "READY",
    60_000,
  );
  return { project, experiment: createExperiment.id, dataset: registerDataset.id };
}

/** Queues a ResNet-18 at 32 px. */
export async function startRun(
  owner: GraphQLClient,
  bench: Workbench,
  config: Record<string, unknown>,
): Promise<string> {
  const { startRun: run } = await owner<{ startRun: { id: string } }>(
    "mutation($input: StartRunInput!) { startRun(input: $input) { id } }",
    {
      input: {
        experiment: bench.experiment,
        dataset: bench.dataset,
        config: { architecture: "resnet18", batchSize: 16, epochs: 2, learningRate: 5e-4, imageSize: 32, ...config },
      },
    },
  );
  return run.id;
}
