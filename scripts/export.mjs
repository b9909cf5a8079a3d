#!/usr/bin/env node
// What `npm run export` runs: writes a run's weights in a form that others load.
import { parseArgs } from "node:util";
import { openModelPackage } from "./model/open-model-package.mjs";
import { reportFailure } from "./model/report-failure.mjs";
import { StartError } from "./start/progress.mjs";

const help = `npm run export -- <checkpoint> --to <form> <folder>

  Writes trained weights into a new folder, with the names of their classes and how they want their images.

  <checkpoint>      a run's checkpoint, or the folder of its checkpoints (the best is taken)
  --to safetensors  model.safetensors, config.json and preprocessor_config.json: timm.create_model("local-dir:<folder>")
  --to tfjs         a TensorFlow.js graph model: tf.loadGraphModel("<folder>/model.json")
  --to saved-model  TensorFlow's SavedModel: tf.saved_model.load("<folder>"), TensorFlow Serving
`;

async function main() {
  const options = readOptions();
  if (options.help) return console.log(help);
  const { exportModel, exportTargets } = await openModelPackage();
  const { target } = options;
  if (!exportTargets.includes(target)) throw mistake(`There is no form "${target}".`);
  const { source, folder, files, classNames } = await exportModel(options);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(
    `${source}, ${classNames.length} classes -> ${folder}: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`,
  );
}

function readOptions() {
  let parsed;
  try {
    const options = { to: { type: "string" }, help: { type: "boolean", default: false } };
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw mistake(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  if (positionals.length !== 2 || values.to === undefined) throw mistake("Name a checkpoint, a form and a folder.");
  return { checkpoint: positionals[0], target: values.to, folder: positionals[1] };
}

function mistake(message) {
  return new StartError(`${message}\n\n${help}`);
}

main().catch(reportFailure);
