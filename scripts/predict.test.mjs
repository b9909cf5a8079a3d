import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openModelPackage } from "./model/open-model-package.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const image = path.join(root, "datasets", "fashion-mnist", "bag", "001.png");
const classNames = ["ankle-boot", "bag", "coat"];

let folder;
let checkpoints;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "residual-predict-"));
  checkpoints = path.join(folder, "run");
  await writeRun(checkpoints);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

test("a run's checkpoint is exported, and the exported folder says what is on an image", {
  timeout: 120_000,
}, async () => {
  const exported = path.join(folder, "exported");
  const { stdout: said } = await run("export.mjs", checkpoints, "--to", "safetensors", exported);
  expect(said).toContain("step-000000002.safetensors, 3 classes ->");
  expect((await readdir(exported)).sort()).toEqual(["config.json", "model.safetensors", "preprocessor_config.json"]);

  const { stdout: table } = await run("predict.mjs", exported, image);
  const [heading, ...rows] = table.trimEnd().split("\n");
  expect(heading).toBe(image);
  expect(rows.map((row) => row.trim().split(/\s+/)[0]).sort()).toEqual(classNames);
  for (const row of rows) expect(row).toMatch(/^ {2}\S+ +\d+\.\d %$/);

  const { stdout: json } = await run("predict.mjs", exported, image, "--json");
  const { network, device, predictions } = JSON.parse(json);
  expect(network).toBe("vit_tiny_patch16_224");
  expect(device).not.toBe("");
  const percent = (100 * predictions[0].scores[0].probability).toFixed(1);
  expect(rows[0].trim().split(/\s+/)).toEqual([predictions[0].scores[0].className, percent, "%"]);
});

test("what is wrong is said in a sentence, with exit code 1", { timeout: 120_000 }, async () => {
  await expect(run("predict.mjs", path.join(folder, "absent"), image)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There are no weights ".*absent"/),
  });
  await expect(run("export.mjs", checkpoints, "--to", "onnx", folder)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no form "onnx"/),
  });
  const missing = path.join(folder, "missing.png");
  await expect(run("predict.mjs", checkpoints, missing, image)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${missing}: ENOENT`),
    stdout: expect.stringContaining(image),
  });
});

function run(script, ...args) {
  return promisify(execFile)(process.execPath, [path.join(root, "scripts", script), ...args], { cwd: root });
}

/** Checkpoints as training leaves them, of which the second scored better. */
async function writeRun(target) {
  const { architecture, buildEvaluationGraph, initializeVariables, toTorchLayout } = await openModelPackage();
  const spec = architecture("vit_tiny_patch16_224");
  const options = { architecture: spec, imageSize: 32, classes: classNames.length, batchSize: 1 };
  const { graph } = buildEvaluationGraph(options);
  const values = initializeVariables(graph, "vit", 1);
  const header = {};
  const parts = [];
  let end = 0;
  for (const variable of graph.variables) {
    const data = toTorchLayout(variable, values.get(variable.name));
    const [a, b, c, d] = variable.shape;
    const shape = { conv: [d, c, a, b], linear: [b, a] }[variable.kind] ?? variable.shape;
    header[variable.name] = { dtype: "F32", shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  const statistics = { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] };
  const preprocessing = {
    fit: "crop",
    cropFraction: 1,
    cropRounding: "half-even",
    interpolation: "bicubic",
    ...statistics,
  };
  const about = { architecture: spec.id, imageSize: "32" };
  const described = { ...about, classNames: JSON.stringify(classNames), preprocessing: JSON.stringify(preprocessing) };
  await mkdir(target);
  for (const [step, valAccuracy] of ["0.5", "0.75", "0.6"].entries()) {
    const metadata = { ...described, step: String(step + 1), valAccuracy, valLoss: "1" };
    const json = Buffer.from(JSON.stringify({ ...header, __metadata__: metadata }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    await writeFile(path.join(target, `step-00000000${step + 1}.safetensors`), Buffer.concat([length, json, ...parts]));
  }
}
