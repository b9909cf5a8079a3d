// Claim: our WebAssembly kernels train the same ViT at least three times as fast as TensorFlow.js's own, from half the memory or less.
// A ViT because TensorFlow.js's WebAssembly backend cannot train convolutions (it has no gradient of their filters).
// Same weights, same batch, in turn, so that the machine's other load hits all alike. TensorFlow.js uses one thread in Node; to give
// ours one too: taskset -c 0 node bench/stock-tfjs.mjs. Usage: node bench/stock-tfjs.mjs [architecture] [imageSize] [batchSize] [steps];
// build packages/model first.
import { createRequire } from "node:module";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { architecture, buildTrainingGraph, initializeVariables, openWasm, openWasmBlas } from "@residual/model";
import { visionTransformer } from "./stock-tfjs/vision-transformer.mjs";

const [id = "vit_tiny_patch16_224", imageSize = 224, batchSize = 4, steps = 5] = process.argv
  .slice(2)
  .map((argument) => (/^\d+$/.test(argument) ? Number(argument) : argument));
const classes = 10;
const learningRate = 1e-3;
const momentum = 0.9;
const spec = architecture(id);
const training = buildTrainingGraph({
  architecture: spec,
  imageSize,
  classes,
  batchSize,
  optimizer: { kind: "sgd", momentum, weightDecay: 0, decayOnMatricesOnly: true },
});
const weights = initializeVariables(training.graph, spec.family, 1);
const images = Float32Array.from({ length: batchSize * imageSize * imageSize * 3 }, (_, i) => Math.sin(i * 12.9898));
const targets = new Float32Array(batchSize * classes);
for (let row = 0; row < batchSize; row++) targets[row * classes + (row % classes)] = 1;

const entrants = [await stock(), ...(await ours())];
const busyBefore = loadavg()[0];
for (let step = 1; step <= steps + 1; step++) {
  for (const entrant of entrants) {
    const started = performance.now();
    const loss = await entrant.step();
    entrant.losses.push(loss);
    // The first step also compiles and allocates.
    if (step > 1) entrant.times.push(performance.now() - started);
  }
}

const median = ({ times }) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const [base] = entrants;
console.log(
  `${id} at ${imageSize} px, batch ${batchSize}, ${availableParallelism()} threads allowed; ` +
    `load average ${busyBefore.toFixed(1)} to ${loadavg()[0].toFixed(1)}`,
);
for (const entrant of entrants) {
  const bytes = entrant.peakBytes();
  const distance = Math.max(...entrant.losses.map((loss, i) => Math.abs(loss - base.losses[i]) / base.losses[i]));
  console.log(
    `${entrant.name.padEnd(18)} ${((1000 * batchSize) / median(entrant)).toFixed(2).padStart(6)} images/s ` +
      `(${(median(base) / median(entrant)).toFixed(2)} × stock); peak ${(bytes / 1e6).toFixed(0)} MB ` +
      `(${(bytes / base.peakBytes()).toFixed(2)} × stock); losses within ${distance.toExponential(1)}; ${entrant.device}`,
  );
}
process.exit(0);

async function ours() {
  const opened = await Promise.all([openWasm(), openWasmBlas()]);
  return Promise.all(
    opened.flatMap((executor) => {
      if ("unavailable" in executor) {
        console.log(`not here: ${executor.unavailable}`);
        return [];
      }
      return [openOurs(executor)];
    }),
  );
}

async function openOurs(executor) {
  const session = await executor.openSession([training.graph]);
  await session.write(weights);
  const feeds = new Map([
    ["images", images],
    ["targets", targets],
    ["learningRate", Float32Array.of(learningRate)],
  ]);
  const step = async () => {
    const [loss] = await session.run(training.graph, { values: [training.loss], applyUpdates: true }, feeds);
    return loss[0];
  };
  const { name, device } = executor;
  return { name, device, step, peakBytes: () => session.memory().peak, times: [], losses: [] };
}

/** TensorFlow.js as anyone would use it: its own operations, tape and optimizer on its WebAssembly backend. */
async function stock() {
  // Its packages must share one copy of their core, which is that of packages/model.
  const ofModel = createRequire(new URL("../packages/model/package.json", import.meta.url));
  const tf = ofModel("@tensorflow/tfjs");
  const { setWasmPaths } = ofModel("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${path.dirname(ofModel.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/wasm-out/`);
  await tf.setBackend("wasm");
  const peakBytes = countBytes(tf.backend());

  const shapes = new Map(training.graph.variables.map(({ name, shape }) => [name, shape]));
  const variables = new Map();
  for (const [name, data] of weights) {
    if (!name.includes("/")) variables.set(name, tf.variable(tf.tensor(data, shapes.get(name))));
  }
  const network = visionTransformer(tf, (name) => variables.get(name), spec.id);
  const optimizer = tf.train.momentum(learningRate, momentum);
  const [x, t] = [tf.tensor(images, [batchSize, imageSize, imageSize, 3]), tf.tensor(targets, [batchSize, classes])];
  const step = async () => {
    const cost = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(t, network(x)), true);
    const [loss] = await cost.data();
    cost.dispose();
    return loss;
  };
  return { name: "TensorFlow.js wasm", device: "1 thread, SIMD", step, peakBytes, times: [], losses: [] };
}

/** Counts each buffer of the backend once, however many tensors show it. */
function countBytes(backend) {
  const { dataIdMap } = backend;
  const bytesOf = new Map();
  let held = 0;
  let peak = 0;
  const { set, delete: remove } = dataIdMap;
  dataIdMap.set = (dataId, data) => {
    const bytes = data.shape.reduce((product, extent) => product * extent, 4);
    held += bytes - (bytesOf.get(dataId) ?? 0);
    bytesOf.set(dataId, bytes);
    peak = Math.max(peak, held);
    set.call(dataIdMap, dataId, data);
  };
  dataIdMap.delete = (dataId) => {
    held -= bytesOf.get(dataId) ?? 0;
    bytesOf.delete(dataId);
    return remove.call(dataIdMap, dataId);
  };
  return () => peak;
}
