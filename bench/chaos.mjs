// Claim: kill -9 of the API, of Postgres, of one of its backends and of the logging process, at random moments under load, loses no acknowledged point,
// stores none twice, and lets no reader see a hole. The same kills with one safety broken at a time (the controls) must be found out.
// Usage: node bench/chaos.mjs [--kills 100] [--seed 1] [--controls all|none|n] [--json file] [--write]; build apps/api first.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { controls } from "./chaos/controls.mjs";
import { kinds } from "./chaos/kill.mjs";
import { recoveryHistogram, totals } from "./chaos/report.mjs";
import { trial } from "./chaos/trial.mjs";

const { values: options } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    controls: { type: "string", default: "all" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const seed = Number(options.seed);
const lines = [];
const say = (line) => {
  lines.push(line);
  console.log(line);
};

const loads = [loadavg()[0]];
const real = await trial({
  kills: Number(options.kills),
  kinds,
  seed,
  onKill: ({ kind, recoveryMs }, { recoveries, violations, points }) =>
    console.log(
      `${recoveries.length}. ${kind}: back after ${Math.round(recoveryMs)} ms, ${points} points acknowledged, ${violations.length} violations`,
    ),
});
loads.push(loadavg()[0]);
const counts = totals(real.recoveries);
say(
  `${real.recoveries.length} kills in ${Math.round(real.seconds)} s (seed ${seed}): ${real.points} points acknowledged, ${real.resent} frames sent again and known, ${real.reads} reads, ${real.connections} subscriptions`,
);
say(
  `lost ${counts.lost}, missing ${counts.missing}, doubled ${counts.doubled}, phantom ${counts.phantom}, altered ${counts.altered}`,
);
for (const violation of real.violations.slice(0, 20)) say(`VIOLATION ${violation}`);
say(`from the kill to the first acknowledgement (load average ${loads.map((load) => load.toFixed(1)).join(" to ")}):`);
say(recoveryHistogram(real.recoveries));

const chosen = { all: controls, none: [] }[options.controls] ?? controls.slice(0, Number(options.controls));
const blind = [];
for (const control of chosen) {
  const sees = ({ violations }) => violations.some((violation) => control.sees.test(violation));
  const result = await trial({ kills: 25, kinds: control.kinds, seed: seed + 1, control, isOver: sees });
  const found = result.violations.find((violation) => control.sees.test(violation));
  if (!found) blind.push(control.name);
  const verdict = found
    ? ["found after", result.recoveries.length, "kills:", found].join(" ")
    : "NOT FOUND: the checker is blind to it";
  say(`control "${control.name}": ${verdict}`);
}

if (options.json) writeFileSync(options.json, JSON.stringify({ ...real, counts, blind, controls: chosen.length }));
if (options.write) {
  const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  writeFileSync(
    path.join(import.meta.dirname, "results/chaos.md"),
    `# kill -9 under load\n\nWritten by \`node bench/chaos.mjs --write\` on ${machine}.\n\n\`\`\`\n${lines.join("\n")}\n\`\`\`\n`,
  );
}
process.exitCode = real.violations.length > 0 || blind.length > 0 ? 1 : 0;
