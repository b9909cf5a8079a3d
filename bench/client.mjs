// Claim: log() costs a training step microseconds, whatever the pace, and a kill takes nothing that 20 ms or a flush have passed over.
// Against a server in another process that speaks the ingest socket and decodes every frame: what is measured is the client. What the server takes
// over the socket and over GraphQL is measured by bench/ingest.mjs, against the real API.
// Usage: node bench/client.mjs [calls]; build packages/client first.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openRun, sendLeftovers } from "@residual/client";
import {
  decodeMetricFrame,
  decodeWriterRecords,
  encodeServerRecords,
  ingestSubprotocol,
  metricFramePoints,
} from "@residual/shared";
import { WebSocketServer } from "ws";

const self = fileURLToPath(import.meta.url);
const keys = Array.from({ length: 10 }, (_, i) => `train/metric_${i}`);
const rowAt = (step) => Object.fromEntries(keys.map((key, i) => [key, Math.sin(step * (i + 1))]));
const [, , role, ...rest] = process.argv;
if (role === "server") serve();
else if (role === "victim") await die(...rest);
else await measure(Number(role ?? 200_000));

function serve() {
  const counts = { frames: 0, points: 0 };
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => ingestSubprotocol });
  sockets.on("connection", (socket) =>
    socket.on("message", (data) => {
      const acks = new Map();
      for (const record of decodeWriterRecords(data)) {
        if (record.kind !== "frame") continue;
        counts.frames++;
        counts.points += metricFramePoints(decodeMetricFrame(record.bytes));
        acks.set(record.channel, record.seq);
      }
      socket.send(encodeServerRecords([...acks].map(([channel, ackedSeq]) => ({ kind: "ack", channel, ackedSeq }))));
    }),
  );
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
  process.on("message", () => {
    process.send({ ...counts });
    counts.frames = 0;
    counts.points = 0;
  });
}

async function measure(calls) {
  const server = fork(self, ["server"]);
  const heard = () => new Promise((resolve) => server.once("message", resolve));
  const port = await heard();
  const folder = mkdtempSync(path.join(tmpdir(), "residual-client-"));
  const access = { url: `http://127.0.0.1:${port}`, key: "k", run: "run" };
  const open = (fsync) => openRun({ ...access, spoolFolder: folder, fsync });
  const counts = () => {
    server.send("counts");
    return heard();
  };
  console.log(`load average ${loadavg()[0].toFixed(1)}; Node ${process.version}; 10 metrics a call`);

  for (const [name, everyMicroseconds, count] of [
    ["as fast as it goes", 0, calls],
    ["50,000 calls/s", 20, calls],
    ["100 calls/s", 10_000, 300],
    ["1 call/s", 1_000_000, 4],
  ]) {
    const logger = open("interval");
    logger.log(rowAt(0), 0);
    await logger.flush();
    await counts();
    const { user, system } = process.cpuUsage();
    const began = performance.now();
    const times = await run(logger, everyMicroseconds, count);
    await logger.close();
    const seconds = (performance.now() - began) / 1000;
    const used = process.cpuUsage({ user, system });
    const { frames, points } = await counts();
    console.log(
      `${name.padEnd(20)} log() p50 ${micro(times, 0.5)} p99 ${micro(times, 0.99)} max ${micro(times, 1)} µs; ${frames} frames, ${points} points in ${seconds.toFixed(2)} s; processor ${((used.user + used.system) / count).toFixed(1)} µs a call`,
    );
  }
  for (const fsync of ["interval", "each-call"]) {
    const { calls: made, stored } = await kill(fsync, access, folder, counts);
    console.log(`kill -9 right after the last of ${made} calls, fsync ${fsync}: ${made - stored} calls lost`);
  }
  server.kill();
  rmSync(folder, { recursive: true });
}

/** Times of the calls in µs. At a pace, the event loop turns between bursts of a millisecond. */
async function run(logger, everyMicroseconds, count) {
  const rows = Array.from({ length: 64 }, (_, i) => rowAt(i));
  const times = new Float64Array(count);
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    const due = began + (i * everyMicroseconds) / 1000;
    if (everyMicroseconds > 0 && performance.now() < due) await pause(Math.max(0, due - performance.now()));
    else if (i % 1000 === 999) await new Promise((resolve) => setImmediate(resolve));
    const before = performance.now();
    logger.log(rows[i & 63], i + 1);
    times[i] = (performance.now() - before) * 1000;
  }
  return times;
}

async function kill(fsync, access, folder, counts) {
  const spools = path.join(folder, `killed-${fsync}`);
  const child = fork(self, ["victim", access.url, spools, fsync]);
  await new Promise((resolve) => child.once("exit", resolve));
  await counts();
  await sendLeftovers(spools, { ...access, onProblem() {} });
  return { calls: 2000, stored: (await counts()).points / keys.length };
}

async function die(_url, spoolFolder, fsync) {
  // Nobody answers there: what is stored comes from the spool alone.
  const logger = openRun({ url: "http://127.0.0.1:9", key: "k", run: "run", spoolFolder, fsync, onProblem() {} });
  for (let step = 0; step < 2000; step++) logger.log(rowAt(step), step);
  process.kill(process.pid, "SIGKILL");
}

function micro(times, part) {
  const sorted = Float64Array.from(times).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
}
