// Claim: logging costs a training step nothing that can be measured. In one run, blocks of steps with and without logging take turns (ABBA), so
// that the machine's other load hits both alike: what is compared is the ratio of the medians. Beside it the processor time of logging alone,
// which is exact. The worker's own logger, spool and message to its parent are used, against an API in another process that decodes every frame.
// Usage: node bench/logging.mjs [imageSize] [batchSize] [blocks]; build apps/worker first.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openRun } from "@residual/client";
import { architecture, buildTrainingGraph, initializeVariables, openTensorFlow, openWasm } from "@residual/model";
import {
  decodeMetricFrame,
  decodeWriterRecords,
  encodeServerRecords,
  ingestSubprotocol,
  metricFramePoints,
} from "@residual/shared";
import { WebSocketServer } from "ws";
// @boundaries-ignore what is measured is no part of a package's front
import { metricsOfStep } from "../apps/worker/dist/jobs/training-metrics.js";

const [, , role, ...rest] = process.argv;
if (role === "api") serve();
else await measure(role, ...rest);

/** The other end of the wire, and of the messages to the parent. */
function serve() {
  let points = 0;
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => ingestSubprotocol });
  sockets.on("connection", (socket) =>
    socket.on("message", (data) => {
      const acks = [];
      for (const record of decodeWriterRecords(data)) {
        if (record.kind !== "frame") continue;
        points += metricFramePoints(decodeMetricFrame(record.bytes));
        acks.push({ kind: "ack", channel: record.channel, ackedSeq: record.seq });
      }
      socket.send(encodeServerRecords(acks));
    }),
  );
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
  process.on("message", (message) => {
    if (message === "points") process.send(points);
  });
}

async function measure(imageSize = 32, batchSize = 16, blocks = 24) {
  const api = fork(fileURLToPath(import.meta.url), ["api"]);
  const port = await new Promise((resolve) => api.once("message", resolve));
  const folder = mkdtempSync(path.join(tmpdir(), "residual-logging-"));
  const logger = openRun({ url: `http://127.0.0.1:${port}`, key: "key", run: "run", spoolFolder: folder });
  const log = (step, loss) => {
    const figures = { learningRate: 1e-3, gradientNorm: 1.5, imagesPerSecond: 100, loaderWaitSeconds: 0 };
    logger.log(metricsOfStep({ runningLoss: loss, runningAccuracy: 0.5, ...figures }), step);
    api.send({ resumedFrom: 0, step });
  };

  const train = await openTraining(Number(imageSize), Number(batchSize));
  const busyBefore = loadavg()[0];
  const times = { on: [], off: [] };
  let step = 0;
  for (let block = 0; block < Number(blocks); block++) {
    const kind = block % 4 === 0 || block % 4 === 3 ? "on" : "off";
    for (let i = 0; i < 10; i++) {
      const started = performance.now();
      const loss = await train(++step);
      if (kind === "on") log(step, loss);
      // The event loop turns once a step, as in a worker.
      await new Promise((resolve) => setImmediate(resolve));
      // The first step of a block still carries what the block before left in flight; the first block warms up.
      if (i > 0 && block > 0) times[kind].push(performance.now() - started);
    }
  }
  await logger.flush();
  const [on, off] = [median(times.on), median(times.off)];
  console.log(
    `${train.device}; ResNet-18 at ${imageSize} px, batch ${batchSize}; load average ${busyBefore.toFixed(1)} to ${loadavg()[0].toFixed(1)}`,
  );
  console.log(
    `median of ${times.on.length} steps with logging ${on.toFixed(2)} ms, of ${times.off.length} without ${off.toFixed(2)} ms: ${(100 * (on / off - 1)).toFixed(2)} %`,
  );

  // Alone, at the same pace: all processor time of this process is then logging's, but for that of an idle process.
  const idle = await processorTime(off, () => {});
  const logging = await processorTime(off, log);
  await logger.flush();
  const micros = logging - idle;
  console.log(
    `processor time of logging ${micros.toFixed(0)} µs a step on all threads: ${((100 * micros) / 1000 / off).toFixed(3)} % of this step`,
  );
  api.send("points");
  console.log(`${await new Promise((resolve) => api.once("message", resolve))} points acknowledged`);
  await logger.close();
  api.kill();
  rmSync(folder, { recursive: true });
  // TensorFlow's library may crash at a natural end of the process.
  process.exit(0);
}

/** Microseconds a step over two hundred steps. */
async function processorTime(milliseconds, work) {
  const steps = 200;
  const before = process.cpuUsage();
  for (let step = 1; step <= steps; step++) {
    work(1e6 + step, 1);
    await pause(milliseconds);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / steps;
}

async function openTraining(imageSize, batchSize) {
  const classes = 10;
  const spec = architecture("resnet18");
  const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 1e-4, decayOnMatricesOnly: true };
  const training = buildTrainingGraph({ architecture: spec, imageSize, classes, batchSize, optimizer, clipNorm: 1 });
  const native = await openTensorFlow();
  const executor = "unavailable" in native ? await openWasm() : native;
  const session = await executor.openSession([training.graph]);
  await session.write(initializeVariables(training.graph, spec.family, 1));
  const images = Float32Array.from({ length: batchSize * imageSize ** 2 * 3 }, (_, i) => Math.sin(i * 12.9898));
  const targets = new Float32Array(batchSize * classes);
  for (let row = 0; row < batchSize; row++) targets[row * classes + (row % classes)] = 1;
  const train = async (step) => {
    const feeds = new Map([
      ["images", images],
      ["targets", targets],
      ["learningRate", Float32Array.of(1e-3)],
      ["step", Float32Array.of(step)],
    ]);
    const [loss] = await session.run(training.graph, { values: [training.loss], applyUpdates: true }, feeds);
    return loss[0];
  };
  train.device = executor.device;
  return train;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
