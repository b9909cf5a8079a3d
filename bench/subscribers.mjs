// Claim: 10,000 idle and 1,000 active subscriptions live on one API process with flat memory, and what is logged at another process is seen within
// 100 ms (median). Usage: node bench/subscribers.mjs [--idle 10000] [--active 1000] [--seconds 15] [--json file]; build apps/api first.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ask, createKey, startBeside, startServer } from "./server.mjs";
import { cpuSeconds, quantiles, residentMegabytes } from "./subscribers/measure.mjs";
import { Socket } from "./subscribers/socket.mjs";

const { values: options } = parseArgs({
  options: {
    idle: { type: "string", default: "10000" },
    active: { type: "string", default: "1000" },
    seconds: { type: "string", default: "15" },
    json: { type: "string" },
  },
});
const seconds = Number(options.seconds);
const perSocket = 16;
/** Sockets that one key opens: the API allows 64. */
const perKey = 60;
const liveRuns = 20;
const metrics = ["train/loss", "train/accuracy", "train/grad_norm", "lr", "time/data", "time/step", "a", "b", "c", "d"];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const writing = await startServer();
const following = await startBeside(writing);
const results = {};
const say = (name, value) => {
  results[name] = value;
  console.log(`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
};

try {
  const { createExperiment } = await writing.ask(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project: "main", name: "bench" } },
  );
  const createRun = async (name) =>
    (
      await writing.ask("mutation($input: CreateRunInput!) { createRun(input: $input) { id } }", {
        input: { experiment: createExperiment.id, name },
      })
    ).createRun.id;
  const runs = [];
  for (let i = 0; i < liveRuns; i++) runs.push(await createRun(`live ${i}`));
  const resting = [];
  for (let i = 0; i < 100; i++) resting.push(await createRun(`resting ${i}`));
  const sequence = new Map(runs.map((run) => [run, 0]));
  const authorization = `Bearer ${await createKey(writing)}`;
  const log = (run) => {
    const step = sequence.get(run) + 1;
    sequence.set(run, step);
    const values = Object.fromEntries(metrics.map((key) => [key, [Math.sin(step)]]));
    // The value of one metric is when it was logged: a subscriber knows from it how long it took.
    values.a = [performance.timeOrigin + performance.now()];
    const frame = { steps: [step], values };
    return ask(
      writing.origin,
      { authorization },
      "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
      { input: { run, writer: "bench", seq: step, frame } },
    );
  };

  /** From the call that logs a step to the subscriber that has it; steps at random moments, about ten a second. */
  const latency = async (origin) => {
    const times = [];
    const socket = new Socket(origin, authorization);
    await socket.follow(runs[0], ["a"], ({ at, logged }) => times.push(...logged.map((time) => at - time)));
    await pause(500);
    for (let i = 0; i < 10 * seconds; i++) {
      await Promise.all([log(runs[0]), pause(50 + Math.random() * 100)]);
    }
    await pause(500);
    socket.close();
    return { steps: times.length, ...quantiles(times) };
  };
  for (let i = 0; i < 300; i++) await log(runs[0]);
  say("log → subscriber, same process, ms", await latency(writing.origin));
  say("log → subscriber, other process, ms", await latency(following.origin));

  const pid = following.apiPid();
  const before = residentMegabytes(pid);
  say("RSS before subscriptions, MB", before);
  const open = async (count, ofRuns, keys, onPoint) => {
    const sockets = [];
    let key;
    for (let i = 0; i < Math.ceil(count / perSocket); i++) {
      if (i % perKey === 0) key = await createKey(writing);
      const socket = new Socket(following.origin, `Bearer ${key}`);
      sockets.push(socket);
      const subscriptions = Math.min(perSocket, count - i * perSocket);
      for (let j = 0; j < subscriptions; j++)
        void socket.follow(ofRuns[(i * perSocket + j) % ofRuns.length], keys, onPoint);
      if (i % 20 === 19) await pause(50);
    }
    await pause(3_000);
    return sockets;
  };
  const idle = await open(Number(options.idle), resting, null, () => {});
  say("RSS with idle subscriptions, MB", residentMegabytes(pid));
  // What setting them up has left to do is not what they cost.
  await pause(10_000);
  let cpu = cpuSeconds(pid);
  await pause(10_000);
  say("CPU of idle subscriptions, share of a core", Number(((cpuSeconds(pid) - cpu) / 10).toFixed(3)));

  let updates = 0;
  let late = [];
  const active = await open(Number(options.active), runs, metrics, ({ at, logged }) => {
    updates++;
    for (const time of logged) late.push(at - time);
  });
  say("RSS with idle and active subscriptions, MB", residentMegabytes(pid));
  for (const stepsASecond of [1, 2, 5]) {
    updates = 0;
    late = [];
    cpu = cpuSeconds(pid);
    const began = performance.now();
    const writers = runs.map(async (run) => {
      await pause((Math.random() * 1_000) / stepsASecond);
      const first = performance.now();
      for (let i = 0; i < seconds * stepsASecond; i++) {
        await log(run);
        await pause(Math.max(0, first + ((i + 1) * 1_000) / stepsASecond - performance.now()));
      }
    });
    await Promise.all(writers);
    await pause(1_000);
    const took = (performance.now() - began) / 1_000;
    const used = cpuSeconds(pid) - cpu;
    say(
      `${stepsASecond} steps a second of ${liveRuns} runs, each to ${active.length * perSocket >= 1 ? Number(options.active) / liveRuns : 0} subscribers`,
      {
        updates,
        expected: Number(options.active) * seconds * stepsASecond,
        updatesASecond: Math.round(updates / took),
        cpuMicrosecondsAnUpdate: Math.round((used / updates) * 1e6),
        coreShare: Number((used / took).toFixed(2)),
        ...quantiles(late),
        rssMegabytes: residentMegabytes(pid),
      },
    );
  }
  for (const socket of [...idle, ...active]) socket.close();
  await pause(5_000);
  say("RSS after all have gone, MB", residentMegabytes(pid));
  say("machine", readFileSync("/proc/cpuinfo", "utf8").match(/model name\s*: (.*)/)?.[1] ?? "unknown");
} finally {
  await following.close();
  await writing.close();
  if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2));
}
