// What `npm run bench` runs: lists the benches, or runs one with the arguments behind its name.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = import.meta.dirname;
/** Pieces of the benches, and this list. */
const notBenches = new Set(["run.mjs", "system.mjs", "server.mjs", "browser.mjs"]);
const benches = readdirSync(folder)
  .filter((name) => name.endsWith(".mjs") && !notBenches.has(name))
  .map((name) => name.replace(".mjs", ""));
const [name, ...args] = process.argv.slice(2);

if (benches.includes(name)) {
  const child = spawn(process.execPath, [path.join(folder, `${name}.mjs`), ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code) => process.exit(code ?? 1));
} else {
  if (name) console.error(`There is no bench "${name}".\n`);
  console.log("npm run bench -- <name> [options]     (npm run build first)\n");
  for (const bench of benches) {
    const [first] = readFileSync(path.join(folder, `${bench}.mjs`), "utf8").split("\n");
    console.log(`  ${bench.padEnd(14)} ${first.replace(/^\/\/ (Claim: )?/, "")}`);
  }
  process.exit(name ? 2 : 0);
}
