// Claim: whole training steps on WebAssembly alone, and how much faster OpenBLAS and TensorFlow's library make them where they are found.
// All executors train the same network from the same weights on the same batch, in turn, so that the machine's other load hits all alike;
// what is compared is the ratio. Usage: node bench/training.mjs [architecture] [imageSize] [batchSize] [steps]; build packages/model first.
import { loadavg } from "node:os";
import {
  architecture,
  buildTrainingGraph,
  initializeVariables,
  openTensorFlow,
  openWasm,
  openWasmBlas,
} from "@residual/model";

const [id = "resnet18", imageSize = 64, batchSize = 32, steps = 8] = process.argv
  .slice(2)
  .map((argument) => (/^\d+$/.test(argument) ? Number(argument) : argument));
const classes = 10;
const spec = architecture(id);
const training = buildTrainingGraph({
  architecture: spec,
  imageSize,
  classes,
  batchSize,
  optimizer:
    spec.family === "vit"
      ? { kind: "adamw", weightDecay: 0.05, decayOnMatricesOnly: true }
      : { kind: "sgd", momentum: 0.9, weightDecay: 1e-4, decayOnMatricesOnly: true },
  clipNorm: 1,
});
const images = Float32Array.from({ length: batchSize * imageSize * imageSize * 3 }, (_, i) => Math.sin(i * 12.9898));
const targets = new Float32Array(batchSize * classes);
for (let row = 0; row < batchSize; row++) targets[row * classes + (row % classes)] = 1;

const entrants = [];
for (const open of [openWasm, openWasmBlas, openTensorFlow]) {
  const executor = await open();
  if ("unavailable" in executor) {
    console.log(`not here: ${executor.unavailable}`);
    continue;
  }
  const session = await executor.openSession([training.graph]);
  await session.write(initializeVariables(training.graph, spec.family, 1));
  entrants.push({ executor, session, times: [], first: undefined });
}

const busyBefore = loadavg()[0];
for (let step = 1; step <= steps + 2; step++) {
  for (const entrant of entrants) {
    const feeds = new Map([
      ["images", images],
      ["targets", targets],
      ["learningRate", Float32Array.of(1e-3)],
      ["step", Float32Array.of(step)],
    ]);
    const fetch = { values: [training.loss, training.gradientNorm], applyUpdates: true };
    const started = performance.now();
    const [[loss], [norm]] = await entrant.session.run(training.graph, fetch, feeds);
    // The first two steps also compile and allocate.
    if (step > 2) entrant.times.push(performance.now() - started);
    entrant.first ??= { loss, norm };
  }
}

console.log(
  `${id} at ${imageSize} px, batch ${batchSize}; load average ${busyBefore.toFixed(1)} to ${loadavg()[0].toFixed(1)}`,
);
const rate = ({ times }) => (1000 * batchSize) / times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
for (const entrant of entrants) {
  const { executor, session, first } = entrant;
  const { loss, norm } = entrants[0].first;
  console.log(
    `${executor.name.padEnd(10)} ${rate(entrant).toFixed(1).padStart(6)} images/s, ${(rate(entrant) / rate(entrants[0])).toFixed(2)} × wasm; ` +
      `${(session.memory().peak / 1e6).toFixed(0)} MB; loss ${first.loss.toFixed(5)} (relative difference ${difference(first.loss, loss)}), ` +
      `gradient norm ${first.norm.toFixed(4)} (${difference(first.norm, norm)}); ${executor.device}`,
  );
}
// TensorFlow's library may crash at a natural end of the process.
process.exit(0);

function difference(a, b) {
  return (Math.abs(a - b) / Math.abs(b)).toExponential(1);
}
