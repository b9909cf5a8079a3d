import type { Check } from "../distribution/check-database.js";
import type { Distribution } from "../distribution/plan-distribution.js";
import type { BlobVerification } from "../verify/verify-blobs.js";
import type { Verification } from "../verify/verify-database.js";

/** Damages that are printed one by one; --json has them all. */
const shown = 100;

export function printVerification(
  { runs, points, damages }: Verification,
  files: BlobVerification,
  json: boolean,
): void {
  if (json) {
    console.log(JSON.stringify({ runs, points, damages, files }, null, 2));
    return;
  }
  for (const { run, key, what, problem, remedy } of damages.slice(0, shown)) {
    console.log(`${run}${key === null ? "" : ` ${JSON.stringify(key)}`}: ${what}: ${problem}`);
    console.log(`  ${remedy}`);
  }
  if (damages.length > shown) console.log(`… and ${damages.length - shown} more (--json lists them)`);
  const affected = new Set(damages.map((damage) => damage.run)).size;
  const verdict = damages.length === 0 ? "nothing is damaged" : `${damages.length} damages in ${affected} runs`;
  console.log(`${runs} runs with ${points} points: ${verdict}`);
  printFiles(files);
}

function printFiles({ blobs, bytes, damages, orphans }: BlobVerification): void {
  for (const { sha256, problem, runs } of damages.slice(0, shown)) {
    console.log(`blob ${sha256} (of ${runs.join(", ") || "no run"}): ${problem}`);
    console.log("  Copy blobs/<first two digits>/<sha256> back from a backup; nothing else has to be changed.");
  }
  for (const sha256 of orphans.slice(0, shown)) console.log(`blob ${sha256} belongs to nothing and may be deleted`);
  const verdict = damages.length === 0 ? "nothing is damaged" : `${damages.length} are damaged`;
  const left = orphans.length === 0 ? "" : `, ${orphans.length} belong to nothing`;
  console.log(`${blobs} files with ${bytes} bytes: ${verdict}${left}`);
}

export function printChecks(checks: readonly Check[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify(checks, null, 2));
    return;
  }
  for (const { name, milliseconds, problem } of checks)
    console.log(
      `${problem === null ? "ok    " : "FAILED"} ${name} (${milliseconds.toFixed(0)} ms)${problem === null ? "" : `: ${problem}`}`,
    );
}

export function printDistribution({ statements, missing }: Distribution, dryRun: boolean): void {
  if (dryRun) for (const statement of statements) console.log(`${statement};`);
  for (const line of missing) console.error(line);
  if (missing.length > 0) console.error("Nothing was changed.");
  else if (statements.length === 0) console.log("The schema is distributed already.");
  else if (!dryRun) console.log(`Done: ${statements.length} statements.`);
}
