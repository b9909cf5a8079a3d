// Claim: the table of the README: Residual beside MLflow, Aim, trackio and TensorBoard, each with its own client and its own server, on the same data.
// Systems run one at a time; a second pass goes through them in reverse order (ABBA); figures are medians of the passes.
// Usage: node bench/metrics.mjs [--size small|full] [--passes 2] [--only residual,aim] [--write]; build packages/client and apps/api first.
// --own: no peers, but Residual's own limits: ingest against COPY of the same bytes, reads, the run list, subscriptions.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
// @boundaries-ignore what is measured is no part of a package's front
import { startEmbeddedPostgres } from "../apps/api/dist/embedded-postgres/embedded-postgres.js";
import { sizes, writeData } from "./metrics/data.mjs";
import { measure, median } from "./metrics/measure.mjs";
import { peers, prepareEnvironment } from "./metrics/peers.mjs";
import { PythonSide } from "./metrics/python-side.mjs";
import { ResidualSide } from "./metrics/residual-side.mjs";
import { markdownTable } from "./metrics/table.mjs";

const { values: options } = parseArgs({
  options: {
    size: { type: "string", default: "small" },
    passes: { type: "string", default: "2" },
    only: { type: "string" },
    own: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
if (options.own) {
  for (const bench of ["ingest", "read", "run-list", "subscribers"]) {
    console.log(`\n── ${bench}`);
    spawnSync(process.execPath, [path.join(import.meta.dirname, `${bench}.mjs`)], { stdio: "inherit" });
  }
  process.exit();
}
const size = sizes[options.size];
if (!size) throw new Error(`--size is ${options.size}; it is small or full.`);
const wanted = options.only?.toLowerCase().split(",");
const systems = [{ name: "Residual" }, ...peers].filter(
  ({ name }) => !wanted || wanted.some((word) => name.toLowerCase().includes(word)),
);
for (const peer of systems) if (peer.module) Object.assign(peer, prepareEnvironment(peer, console.log));

const scratch = mkdtempSync(path.join(tmpdir(), "residual-metrics-"));
const passes = systems.map(() => []);
const loads = [];
try {
  const data = writeData(scratch, size);
  for (let pass = 0; pass < Number(options.passes); pass++) {
    const order = systems.map((_, index) => index);
    for (const index of pass % 2 === 0 ? order : order.reverse()) {
      const peer = systems[index];
      if (peer.missing) continue;
      const load = loadavg()[0];
      const startedAt = performance.now();
      const store = path.join(scratch, `store-${pass}-${index}`);
      mkdirSync(store, { mode: 0o755 });
      try {
        passes[index].push(await onePass(peer, store, data));
      } catch (error) {
        // One that does not even start is left out, with the reason; the others go on.
        peer.missing = error.message.split("\n")[0];
        console.error(error.message);
        continue;
      }
      loads.push(load);
      console.log(
        `pass ${pass + 1}, ${peer.name}: ${Math.round((performance.now() - startedAt) / 1_000)} s (load average before ${load.toFixed(1)})\n  ${JSON.stringify(passes[index].at(-1))}`,
      );
      rmSync(store, { recursive: true, force: true });
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const results = systems.map((peer, index) => ({ peer, missing: peer.missing, figures: medians(passes[index]) }));
const facts = [
  `${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, ${options.passes} passes (ABBA, medians), load average before a system ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`,
  `Long run: ${size.longPoints.toLocaleString("en-US")} points of one metric with 30 spikes; mixed: ${size.mixedRuns} runs × ${size.mixedSteps} steps × 10 metrics; many runs: ${size.manyRuns} × ${size.manySteps} points.`,
];
const table = markdownTable(results);
console.log(`\n${facts.join("\n")}\n\n${table}`);
if (options.write) {
  mkdirSync(path.join(import.meta.dirname, "results"), { recursive: true });
  const text = `# Metrics, beside the peers\n\nWritten by \`npm run bench -- metrics --size ${options.size} --write\` on ${facts.join("\n")}\n\n${table}\n`;
  writeFileSync(path.join(import.meta.dirname, `results/metrics-${options.size}.md`), text);
}

async function onePass(peer, store, data) {
  const postgres = peer.postgres ? await startEmbeddedPostgres({ dataDir: path.join(store, "database") }) : undefined;
  const database = postgres?.url.replace("postgres://", "postgresql://");
  const side = peer.module ? new PythonSide({ ...peer, store, database }) : new ResidualSide();
  try {
    return await measure(side, data, size, progressOf(peer.name));
  } finally {
    await side.stop();
    await postgres?.stop();
  }
}

/** One line that says what is measured now; on a terminal only. */
function progressOf(name) {
  const { stdout } = process;
  return (what) => {
    if (stdout.isTTY) stdout.write(`\r\x1b[2K  … ${name}: ${what}\r`);
  };
}

/** Of each figure; texts and failures as the last pass had them. */
function medians(all) {
  const figures = { ...all.at(-1) };
  for (const name of Object.keys(figures)) {
    const values = all.map((each) => each[name]).filter((value) => typeof value === "number");
    if (values.length > 0) figures[name] = median(values);
  }
  return figures;
}
