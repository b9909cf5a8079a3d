// Our side of a comparison: reads commands as lines of JSON, answers each with one. Usage: node residual-side.mjs <case folder> [precision]
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import {
  architecture,
  buildEvaluationGraph,
  buildTrainingGraph,
  GraphBuilder,
  initializeVariables,
  openTensorFlow,
} from "@residual/model";
import { readCase } from "./read-case.mjs";

const [folder, precision = "fp32"] = process.argv.slice(2);
const { entry, batches } = readCase(folder);
const executor = await openTensorFlow({ xla: process.env.RESIDUAL_BENCH_XLA === "1" });
if ("unavailable" in executor) fail(executor.unavailable);

const spec = architecture(entry.id);
const training = buildTrainingGraph({ ...entry, architecture: spec });
const evaluation = buildEvaluationGraph({ ...entry, architecture: spec });
// Feeds as a step does and computes next to nothing: what a step costs outside of its computation, and a little more.
const feeding = new GraphBuilder();
const corner = feeding.slice(
  feeding.placeholder("images", [entry.batchSize, entry.imageSize, entry.imageSize, 3]),
  [0, 0, 0, 0],
  [1, 1, 1, 1],
);
const graphs = {
  train: { graph: training.graph, fetch: { values: [training.loss, training.gradientNorm], applyUpdates: true } },
  infer: { graph: evaluation.graph, fetch: { values: [evaluation.logits], applyUpdates: false } },
  feed: { graph: feeding.build(), fetch: { values: [corner], applyUpdates: false } },
};
const used = entry.mode === "infer" ? evaluation.graph : training.graph;
const session = await executor.openSession([used, graphs.feed.graph], { precision });
await writeInitialWeights();

let step = 0;
const commands = {
  run: ({ mode, steps }) => run(graphs[mode === "curve" ? "train" : mode], steps),
  peak: () => ({ megabytes: Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024 }),
  about: () => ({ text: executor.device }),
  // TensorFlow's library may crash at a natural end of the process.
  end: () => process.exit(0),
};

/** One by one: a copy of all of them would count as memory that training needs. */
async function writeInitialWeights() {
  for (const variable of used.variables) {
    if (variable.kind === "slot") continue;
    await session.write(initializeVariables({ ...used, variables: [variable] }, spec.family, 1));
  }
}

async function run({ graph, fetch }, steps) {
  const milliseconds = [];
  const values = [];
  for (let index = 0; index < steps; index++) {
    const feeds = new Map(Object.entries(batches[step % batches.length]));
    feeds.set("learningRate", Float32Array.of(entry.learningRate));
    feeds.set("step", Float32Array.of(++step));
    const started = performance.now();
    const [value] = await session.run(graph, fetch, feeds);
    milliseconds.push(performance.now() - started);
    values.push(value[0]);
  }
  return { milliseconds, values };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...options } = JSON.parse(line);
  console.log(JSON.stringify(await commands[command](options)));
}

function fail(reason) {
  console.log(JSON.stringify({ unavailable: reason }));
  process.exit(0);
}
