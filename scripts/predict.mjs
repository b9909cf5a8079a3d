#!/usr/bin/env node
// What `npm run predict` runs: asks trained weights what is on images.
import { parseArgs } from "node:util";
import { openModelPackage } from "./model/open-model-package.mjs";
import { reportFailure } from "./model/report-failure.mjs";
import { StartError } from "./start/progress.mjs";

const help = `npm run predict -- <weights> <image> … [--json]

  Says which class each image is of, with probabilities.

  <weights>   a folder that npm run export wrote, a run's checkpoint or the folder of its checkpoints (the best is taken),
              a folder of timm's, or a name on the Hub such as timm/resnet18.a1_in1k
  <image>     JPEG, PNG, WebP, GIF or BMP files; prepared as the weights want it
  --json      all classes of all images as JSON
`;

/** Of an image's classes this many are shown. */
const SHOWN = 5;

async function main() {
  const { json, weights, images } = readOptions();
  if (weights === undefined) return console.log(help);
  const { openTrainedModel, openWasm, openWasmBlas, predict } = await openModelPackage();
  const model = await openTrainedModel(weights);
  const executor = await firstAvailable([openWasmBlas, openWasm]);
  const predictions = [];
  for await (const prediction of predict(model, executor, images)) {
    predictions.push(prediction);
    if (!json) show(prediction);
  }
  if (json)
    console.log(JSON.stringify({ weights: model.path, architecture: model.architecture.id, predictions }, null, 2));
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

async function firstAvailable(openers) {
  const reasons = [];
  for (const open of openers) {
    const executor = await open();
    if (!("unavailable" in executor)) return executor;
    reasons.push(executor.unavailable);
  }
  throw new StartError(`Nothing here can run the network: ${reasons.join("; ")}`);
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

main().catch(reportFailure);
