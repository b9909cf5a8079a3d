// Claim: the first page of a run list (50 runs) is answered within 20 ms (p99) at a million runs, whatever with an index is asked; what has none is measured too.
// What a client waits for, by GraphQL over HTTP; the project is filled by SQL. Usage: node bench/run-list.mjs [--runs 1000000] [--repeats 60] [--json file] [--data folder]; build apps/api first.
// --data: the filled database stays there, and is used as it is the next time.
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { seedRuns } from "./run-list/seed.mjs";
import { startServer } from "./server.mjs";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    repeats: { type: "string", default: "60" },
    json: { type: "string" },
    data: { type: "string" },
  },
});
const repeats = Number(options.repeats);
const limitMs = 20;

const selective =
  "architecture in (resnet101, resnet50) and val/accuracy@best > 0.9 and (tag = baseline or not status = FINISHED)";
/** What is asked: a name, the filter, the order; last whether an index serves it, which is what the limit is about. */
const questions = [
  ["no filter", "", "-createdAt", true],
  ["status, common", "status = FINISHED", "-createdAt", true],
  ["status, 1 of 2,000", "status = RUNNING", "-createdAt", true],
  ["architecture in", "architecture in (resnet50, resnet101)", "-createdAt", true],
  ["tag, 1 of 50", "tag = baseline", "-createdAt", true],
  ["tag, 1 of 10,000", "tag = gold", "-createdAt", true],
  ["name contains, common", "name ~ warm", "-createdAt", true],
  ["name contains, 1 of 5,000", "name ~ zebra", "-createdAt", true],
  ["name contains, none", "name ~ giraffe", "-createdAt", true],
  ["setting equals, 1 of 4", "config.optimizer.name = ADAMW", "-createdAt", true],
  ["setting equals, 1 of 700", "config.host = node-17", "-createdAt", true],
  ["setting below, 3 of 5", "config.optimizer.learningRate < 1e-3", "-createdAt", true],
  ["setting below, 1 of 100", "config.optimizer.learningRate < 1.12e-6", "-createdAt", true],
  ["setting above, none", "config.dropout > 1", "-createdAt", true],
  ["metric above, 1 of 2", "val/accuracy@best > 0.5", "-createdAt", true],
  ["metric above, 1 of 100", "val/accuracy@best > 0.99", "-createdAt", true],
  ["metric above, 1 of 1,000", "val/accuracy@best > 0.999", "-createdAt", true],
  ["and, or, not", selective, "-createdAt", true],
  [
    "three conditions, 1 of 1,700",
    "status = FAILED and val/loss@best < 0.15 and config.batchSize <= 64",
    "-createdAt",
    true,
  ],
  ["metric missing", "val/accuracy@best = null", "-createdAt", true],
  ["sorted by a metric", "", "-val/accuracy@best", true],
  ["sorted by a metric, then by name", "", "-val/accuracy@best,name", true],
  ["sorted by a metric, filtered", "status = FAILED", "val/loss@best", true],
  ["sorted by a setting", "", "-config.optimizer.learningRate", true],
  ["sorted by name", "", "name", true],
  ["sorted by architecture", "", "architecture", true],
  ["@last above, 1 of 1,000", "val/accuracy@last > 0.999", "-createdAt", false],
  ["sorted by duration", "", "-duration", false],
];

const page = `query($filter: String, $orderBy: String!, $first: Int!, $after: String) {
  runs(project: "p1", filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id name status createdAt metric(key: "val/accuracy") { best } } pageInfo { endCursor hasNextPage } } }`;

const server = await startServer({ keptDir: options.data && path.resolve(options.data) });
try {
  const started = performance.now();
  const bytes = await seedRuns(server.databaseUrl, Number(options.runs));
  console.log(
    `${options.runs} runs stand after ${Math.round((performance.now() - started) / 1000)} s; ${(bytes / options.runs).toFixed(0)} bytes a run`,
  );
  const ask = (filter, orderBy, first = 50, after = null) => server.ask(page, { filter, orderBy, first, after });
  let after = null;
  for (let i = 0; i < 30; i++) ({ endCursor: after } = (await ask("", "-createdAt", 1000, after)).runs.pageInfo);
  const rows = [];
  for (const [name, filter, orderBy, isIndexed] of [...questions, ["page 600", "", "-createdAt", true]]) {
    const cursor = name === "page 600" ? after : null;
    const times = [];
    let found = 0;
    const count = isIndexed ? repeats : 3;
    // The first two are not counted: the pages of the index are not in memory yet.
    for (let i = -2; i < count; i++) {
      const asked = performance.now();
      found = (await ask(filter, orderBy, 50, cursor)).runs.nodes.length;
      if (i >= 0) times.push(performance.now() - asked);
    }
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
    rows.push({
      asked: name,
      runs: found,
      p50: +at(0.5).toFixed(1),
      p99: +at(0.99).toFixed(1),
      met: isIndexed ? (at(0.99) <= limitMs ? "yes" : "NO") : "no index",
    });
  }
  console.log(`load average ${loadavg()[0].toFixed(1)}`);
  console.table(rows);
  if (options.json) writeFileSync(options.json, JSON.stringify({ runs: Number(options.runs), bytes, rows }, null, 2));
} finally {
  await server.close();
}
