// Our side. Usage: node residual-side.mjs <plan> <scratch folder> <seed>
import { readFileSync } from "node:fs";
import path from "node:path";
import { architecture, openExecutor, train } from "@residual/model";

const [plan, scratch, seed] = process.argv.slice(2);
const { scan, config } = JSON.parse(readFileSync(plan, "utf8"));
const executor = await firstAvailable(["tensorflow", "wasm-blas", "wasm"]);
const begin = performance.now();
const result = { device: executor.device };
let best;
for await (const event of train({
  executor,
  architecture: architecture(config.architecture),
  config: { ...config, seed: Number(seed) },
  dataset: scan,
  checkpointFolder: path.join(scratch, `run-${seed}`),
  cacheFolder: path.join(scratch, "pixels"),
})) {
  if (event.type === "evaluated") {
    const accuracy = event.val.correct / event.val.examples;
    const isBetter = accuracy > best?.accuracy || (accuracy === best?.accuracy && event.val.meanLoss < best.loss);
    if (!best || isBetter) best = { accuracy, loss: event.val.meanLoss, epoch: event.epoch };
  }
  if (event.type === "tested") result.test = event.score.correct / event.score.examples;
}
console.log(
  JSON.stringify({ ...result, val: best.accuracy, bestEpoch: best.epoch, seconds: (performance.now() - begin) / 1000 }),
);
// TensorFlow's library may crash at a natural end of the process.
process.exit(0);

async function firstAvailable(names) {
  for (const name of names) {
    const opened = await openExecutor(name);
    if (!("unavailable" in opened)) return opened;
  }
  throw new Error("no executor is available");
}
