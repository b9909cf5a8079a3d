#!/usr/bin/env node
// What `npm test` runs: installs what is missing, then every check and every suite; the last line is the sum.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { install, isInstalled } from "./start/install.mjs";
import { step } from "./start/progress.mjs";
import { checks } from "./test/checks.mjs";
import { run, runSuite } from "./test/run-suite.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const only = process.argv.slice(2);

if (!isInstalled(root)) await step("installing packages", () => install(root));

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
const failedNames = [];
for (const { check, suite, command, args } of checks(root)) {
  const name = check ?? suite;
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  console.log(`\n── ${name}`);
  const started = performance.now();
  const result = suite
    ? await runSuite(root, suite)
    : { skipped: 0, ...((await run(command, args, root)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }) };
  failedNames.push(...(result.names ?? []));
  for (const key of Object.keys(total)) total[key] += result[key];
  const seconds = Math.round((performance.now() - started) / 1000);
  lines.push(
    `${result.failed > 0 ? "✘" : "✔"} ${name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped (${seconds} s)`,
  );
}

console.log(["", ...lines, ...failedNames.map((name) => `✘ ${name}`)].join("\n"));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
