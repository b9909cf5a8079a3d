// A process that logs as a training script does, until it is killed: some writers, one series each, over plain GraphQL or (`spool`) through
// @residual/client. What a writer is about to send goes to its journal first, so that the next process sends it again under the same seq. The
// journals are the truth of the checker.
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { openRun } from "@residual/client";
import { ask } from "../server.mjs";
import { randomFrom, valueAt } from "./values.mjs";

const { origin, key, writers, seed, forgets, spool } = JSON.parse(process.argv[2]);
let isDraining = false;
let resume = () => {};
const states = writers.map(open);
let waiting = 0;

process.on("message", (message) => {
  if (message === "drain") {
    isDraining = true;
    if (waiting === states.length) reportDrained();
  } else {
    isDraining = false;
    resume();
  }
});
// Nobody would stop a writer whose harness is gone.
process.on("disconnect", () => process.exit(0));
await Promise.all(states.map(work));

/** Goes on where the journal ends. With `forgets` (a control) what was not acknowledged is not sent again. */
function open(writer) {
  const state = { ...writer, seq: 0, step: 0, unsent: null, random: randomFrom(seed + writer.index) };
  if (existsSync(writer.journal)) {
    for (const line of readFileSync(writer.journal, "utf8").split("\n").filter(Boolean)) {
      const entry = JSON.parse(line);
      if (entry.acked) {
        state.seq = entry.acked;
        state.unsent = null;
      } else state.unsent = entry;
      state.step = entry.to;
    }
    if (forgets) state.unsent = null;
  }
  state.file = openSync(writer.journal, "a");
  if (spool) state.logger = openRun({ url: origin, key, run: writer.run, spoolFolder: spool, onProblem: () => {} });
  return state;
}

async function work(state) {
  for (;;) {
    if (isDraining && !state.unsent) {
      waiting++;
      if (waiting === states.length) reportDrained();
      await new Promise((resolve) => {
        const before = resume;
        resume = () => {
          before();
          resolve();
        };
      });
      waiting--;
    }
    state.unsent ??= nextFrame(state);
    if (!(await send(state))) return;
    await pause(state.random() * 12);
  }
}

function nextFrame(state) {
  const from = state.step + 1;
  const to = from + Math.floor(state.random() * 20);
  const entry = { seq: state.seq + 1, from, to };
  writeSync(state.file, `${JSON.stringify(entry)}\n`);
  return entry;
}

/** Repeats until it is answered. False when the server refuses for good: this writer is at its end, and the checker will see why. */
async function send(state) {
  const { seq, from, to } = state.unsent;
  const steps = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  for (;;) {
    const sentAt = Date.now();
    try {
      await (state.logger ? logSteps(state, steps) : sendFrame(state, seq, steps));
      writeSync(state.file, `${JSON.stringify({ acked: seq, to })}\n`);
      state.seq = seq;
      state.step = to;
      state.unsent = null;
      process.send({ series: state.series, acked: to, sentAt });
      return true;
    } catch (error) {
      const refused = error.codes?.filter((code) => !["UNAVAILABLE", "RATE_LIMITED", "INTERNAL"].includes(code)) ?? [];
      if (refused.length > 0 || state.logger) {
        closeSync(state.file);
        process.send({ series: state.series, refused: error.message });
        return false;
      }
      await pause(10 + state.random() * 20);
    }
  }
}

async function sendFrame({ run, series }, seq, steps) {
  const frame = {
    steps,
    times: steps.map((step) => 1.7e12 + step),
    values: { [series]: steps.map((step) => valueAt(series, step)) },
  };
  const { logMetrics } = await ask(
    origin,
    { authorization: `Bearer ${key}` },
    "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
    { input: { run, writer: series, seq, frame } },
  );
  if (logMetrics.ackedSeq < seq) throw new Error(`acknowledged ${logMetrics.ackedSeq} instead of ${seq}`);
}

/** Resolves when all of it is acknowledged, however often the client has to connect again. */
async function logSteps({ logger, series }, steps) {
  for (const step of steps) logger.log({ [series]: valueAt(series, step) }, step);
  await logger.flush();
}

function reportDrained() {
  process.send({ drained: true });
}
