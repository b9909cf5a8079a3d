#!/usr/bin/env node
// What `npm run predict` runs: asks trained weights what is on images.
import { parseArgs } from "node:util";
import { openModelPackage } from "./model/open-model-package.mjs";
import { reportFailure } from "./model/report-failure.mjs";
import { StartError } from "./start/progress.mjs";

const help = `npm run predict -- <weights> <image> … [--json]

  Says which class each image is of, with probabilities.

  <weights>   a run's checkpoint or the folder of its checkpoints (the best is taken), a folder that npm run export wrote
              (in any form: a SavedModel is run by TensorFlow, a graph model by TensorFlow.js), a folder of timm's, or a
              name on the Hub such as timm/resnet18.a1_in1k
  <image>     JPEG, PNG, WebP, GIF or BMP files; prepared as the weights want it
  --json      all classes of all images as JSON

  Weights run on the fastest of TensorFlow's library, WebGPU and WebAssembly that is there; RESIDUAL_EXECUTOR names one.
`;

/** Of an image's classes this many are shown. */
const SHOWN = 5;

async function main() {
  const { json, weights, images } = readOptions();
  if (weights === undefined) return console.log(help);
  // TensorFlow's library tells its own story on stderr unless told not to.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const model = await openModelPackage();
  const classifier = await model.openClassifier(weights, () => firstAvailable(model));
  const { path, network, device } = classifier;
  const predictions = [];
  for await (const prediction of model.predict(classifier, images)) {
    predictions.push(prediction);
    if (!json) show(prediction);
  }
  if (json) console.log(JSON.stringify({ weights: path, network, device, predictions }, null, 2));
  if (predictions.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
}

function readOptions() {
  try {
    const options = { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [weights, ...images] = positionals;
    if (values.help) return {};
    if (images.length === 0) throw new Error("Name the weights and at least one image.");
    return { json: values.json, weights, images };
  } catch (error) {
    throw new StartError(`${error.message}\n\n${help}`);
  }
}

async function firstAvailable({ executorNames, openExecutor }) {
  const wanted = process.env.RESIDUAL_EXECUTOR ?? "auto";
  const names = wanted === "auto" ? executorNames.filter((name) => name !== "reference") : [wanted];
  if (!names.every((name) => executorNames.includes(name)))
    throw new StartError(`RESIDUAL_EXECUTOR is "${wanted}". Choose auto, ${executorNames.join(", ")}.`);
  const reasons = [];
  for (const name of names) {
    const executor = await openExecutor(name);
    if (!("unavailable" in executor)) return executor;
    reasons.push(`${name}: ${executor.unavailable}`);
  }
  throw new StartError(`Nothing here can run the network. ${reasons.join("; ")}`);
}

function show({ image, problem, scores }) {
  if (problem !== undefined) return console.error(`${image}: ${problem}`);
  const shown = scores.slice(0, SHOWN);
  const width = Math.max(...shown.map(({ className }) => className.length));
  console.log(image);
  for (const { className, probability } of shown) {
    console.log(`  ${className.padEnd(width)}  ${(100 * probability).toFixed(1).padStart(5)} %`);
  }
}

await main().catch(reportFailure);
// TensorFlow's library may crash at a natural end; what was printed must be out before.
process.stdout.write("", () => process.exit());
