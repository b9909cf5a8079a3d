#!/usr/bin/env node
// What `npm run doctor` runs: installs and builds what the worker needs, then lets it examine this machine.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./start/command.mjs";
import { install, isInstalled } from "./start/install.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Standard output is the report's: it may be read by a program. */
async function prepare() {
  if (!isInstalled(root)) {
    console.error("… installing packages");
    await install(root);
  }
  const turbo = path.join(root, "node_modules", ".bin", "turbo");
  await runCommand(turbo, ["run", "build", "--filter=@residual/worker", "--output-logs=errors-only"], { cwd: root });
}

try {
  await prepare();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const worker = path.join(root, "apps", "worker", "dist", "main.js");
const doctor = spawn(process.execPath, [worker, "doctor", ...process.argv.slice(2)], { stdio: "inherit" });
doctor.once("exit", (code) => process.exit(code ?? 1));
