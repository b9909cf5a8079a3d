// Claim: over HTTP, with all that the compare page asks for, a comparison of 20 runs on 10,000 val images takes at most 100 ms and one of 1,000 runs at
// most a second; the advice for a run of 50 evaluations on 10,000 val images takes at most 20 ms.
// Baseline in the same run: the viewer query, which costs the HTTP round trip, authentication and GraphQL, and nothing else.
// Usage: node bench/decide.mjs; build the packages and apps/api first.
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { encodeBase64, packPredictions, Random } from "@residual/shared";
import { startServer } from "./server.mjs";

const random = new Random(7);
const system = await startServer({ nodeOptions: ["--max-semi-space-size=32"] });
const settings = { learningRate: [1e-4, 3e-4, 1e-3], batchSize: [16, 32], optimizer: ["ADAMW", "SGD"] };
const pick = (list) => list[Math.floor(random.next() * list.length)];
try {
  await system.ask('mutation { createProject(input: { slug: "bench", name: "Bench" }) { id } }');
  await time("viewer (baseline)", 30, () => system.ask("{ viewer { id } }"));
  const page = pageQuery("ComparePage");
  const compare = (runs) =>
    system.ask(page, { runs, groupBy: "RUN", selection: "BEST", budgetUnit: "IMAGES", margin: 0.01, acknowledged: [] });
  const twenty = await makeRuns(20, { images: 10_000, evaluations: 5 });
  await time("comparison of 20 runs on 10,000 val images (≤ 100 ms)", 15, () => compare(twenty));
  const [advised] = await makeRuns(1, { images: 10_000, evaluations: 50 });
  const advice =
    "query($id: ID!) { run(id: $id) { advice { rule severity finding { text } actions { id patch costFactor } } } }";
  await time("advice for a run of 50 evaluations (≤ 20 ms)", 30, () => system.ask(advice, { id: advised }));
  const thousand = await makeRuns(1_000, { images: 1_000, evaluations: 2 });
  await time("comparison of 1,000 runs on 1,000 val images (≤ 1,000 ms)", 9, () => compare(thousand));
} finally {
  await system.close();
}

/** An operation of the dashboard as it is sent, with its fragments. */
function pageQuery(name) {
  const text = readFileSync(new URL("../packages/shared/dashboard.graphql", import.meta.url), "utf8");
  const definitions = text.split(/\n(?=(?:query|mutation|subscription|fragment) )/);
  const named = new Map(definitions.map((definition) => [definition.match(/^\w+ (\w+)/)[1], definition]));
  const wanted = new Set([name]);
  // What is added while it is walked is walked too.
  for (const one of wanted) for (const [, fragment] of named.get(one).matchAll(/\.\.\.(\w+)/g)) wanted.add(fragment);
  return [...wanted].map((one) => named.get(one)).join("\n");
}

async function makeRuns(count, { images, evaluations }) {
  const { createExperiment } = await system.ask(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project: "bench", name: `${count} runs` } },
  );
  const runs = [];
  for (let i = 0; i < count; i++) {
    const config = Object.fromEntries(Object.entries(settings).map(([name, values]) => [name, pick(values)]));
    const { createRun } = await system.ask("mutation($input: CreateRunInput!) { createRun(input: $input) { id } }", {
      input: {
        experiment: createExperiment.id,
        name: `run ${i}`,
        architecture: pick(["resnet18", "resnet50"]),
        seed: i,
        config,
      },
    });
    runs.push(createRun.id);
    for (let epoch = 1; epoch <= evaluations; epoch++)
      await system.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
        input: { run: createRun.id, epoch, step: epoch * 100, ...scores(images, 0.7 + 0.2 * random.next()) },
      });
  }
  return runs;
}

function scores(images, accuracy) {
  const correct = Uint8Array.from({ length: images }, () => (random.next() < accuracy ? 1 : 0));
  const confidences = Float32Array.from(correct, () => 0.5 + 0.5 * random.next());
  const predictions = Uint16Array.from(correct, (_, i) => i % 10);
  const right = correct.reduce((sum, one) => sum + one, 0);
  return {
    train: { examples: 1_000, correct: 950, meanLoss: 0.2 },
    val: {
      ...{ examples: images, correct: right, meanLoss: 0.5, imagesHash: "bench" },
      predictions: encodeBase64(packPredictions({ predictions, confidences, correct })),
    },
  };
}

async function time(what, passes, work) {
  await work();
  const times = [];
  for (let i = 0; i < passes; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(passes - 1, Math.floor(share * passes))].toFixed(1);
  console.log(
    `${what}: median ${at(0.5)} ms, smallest ${at(0)}, largest ${at(1)}; load average ${loadavg()[0].toFixed(1)}`,
  );
}
