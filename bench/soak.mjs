// Claim: the memory of the API stays flat under load. Writers log through @residual/client, a reader asks for charts, a subscription follows; the resident
// memory is sampled and a Theil-Sen slope is fitted to the second half. Usage: node bench/soak.mjs [--minutes 30] [--points 20000] [--write];
// build packages/client and apps/api first. Baseline in the same run: the memory before the load.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openRun } from "@residual/client";
import { theilSenSlope } from "@residual/shared";
import { createKey, startServer } from "./server.mjs";
import { createRun, openExperiment } from "./system.mjs";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    points: { type: "string", default: "20000" },
    write: { type: "boolean", default: false },
  },
});
const writers = 4;
const keys = Array.from({ length: 10 }, (_, index) => `metric/${index}`);
const stepsASecond = Number(options.points) / writers / keys.length;
const endsAt = Date.now() + Number(options.minutes) * 60_000;

const spoolFolder = mkdtempSync(path.join(tmpdir(), "residual-soak-"));
const server = await startServer();
try {
  const { experiment } = await openExperiment(server);
  const access = { url: server.origin, key: await createKey(server), spoolFolder };
  const runs = [];
  for (let index = 0; index < writers; index++) runs.push(await createRun(server, experiment, `soak ${index}`));
  const idle = residentMegabytes(server.apiPid());
  const samples = [];
  let charts = 0;
  const results = await Promise.all([
    ...runs.map((run) => log(access, run)),
    (async () => {
      while (Date.now() < endsAt) {
        await server.ask(
          `query($runs: [ID!]!, $keys: [String!]!) { metricSeries(runs: $runs, keys: $keys, maxPoints: 1000) { count value } }`,
          { runs, keys: keys.slice(0, 3) },
        );
        charts++;
        await pause(500);
      }
    })(),
    (async () => {
      const startedAt = Date.now();
      while (Date.now() < endsAt) {
        await pause(5_000);
        samples.push({ minutes: (Date.now() - startedAt) / 60_000, megabytes: residentMegabytes(server.apiPid()) });
        if (samples.length % 12 === 0)
          console.log(`${samples.length / 12} min: ${samples.at(-1).megabytes.toFixed(0)} MB`);
      }
    })(),
  ]);
  const points = results.slice(0, writers).reduce((sum, count) => sum + count, 0);
  const later = samples.slice(Math.floor(samples.length / 2));
  const slope = theilSenSlope(
    later.map(({ megabytes }) => megabytes),
    later.map(({ minutes }) => minutes),
  );
  const most = Math.max(...samples.map(({ megabytes }) => megabytes));
  const lines = [
    `${options.minutes} minutes, ${writers} writers, ${points.toLocaleString("en-US")} points acknowledged (${Math.round(points / (60 * Number(options.minutes))).toLocaleString("en-US")} a second), ${charts} charts of 4 runs × 3 metrics read meanwhile`,
    `resident memory of the API: ${idle.toFixed(0)} MB before the load, at most ${most.toFixed(0)} MB, at the end ${samples.at(-1).megabytes.toFixed(0)} MB`,
    `slope over the second half: ${slope.toFixed(2)} MB a minute`,
    `every minute: ${samples
      .filter((_, index) => index % 12 === 11)
      .map(({ megabytes }) => megabytes.toFixed(0))
      .join(" ")} MB`,
  ];
  console.log(lines.join("\n"));
  if (options.write)
    writeFileSync(
      path.join(import.meta.dirname, "results/soak.md"),
      `# Memory of the API under load\n\nWritten by \`node bench/soak.mjs --minutes ${options.minutes} --write\` on ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}.\n\n${lines.map((line) => `- ${line}`).join("\n")}\n`,
    );
} finally {
  await server.close();
  rmSync(spoolFolder, { recursive: true, force: true });
}

/** Logs ten metrics a step at an even pace; returns the points that were acknowledged. */
async function log(access, run) {
  const logger = openRun({ ...access, run });
  const startedAt = Date.now();
  let step = 0;
  while (Date.now() < endsAt) {
    const due = Math.floor(((Date.now() - startedAt) / 1_000) * stepsASecond);
    for (; step < due; step++)
      logger.log(Object.fromEntries(keys.map((key, index) => [key, Math.fround(Math.sin(step / 100) + index)])), step);
    await pause(10);
  }
  await logger.flush();
  await logger.close();
  return step * keys.length;
}

function residentMegabytes(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1_024;
}
