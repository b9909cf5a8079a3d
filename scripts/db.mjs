#!/usr/bin/env node
// What `npm run db` runs: builds the API's part of it, then verifies, checks or distributes the database.
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
  await runCommand(turbo, ["run", "build", "--filter=@residual/api", "--output-logs=errors-only"], { cwd: root });
}

try {
  await prepare();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const main = path.join(root, "apps", "api", "dist", "db-command", "main.js");
const command = spawn(process.execPath, ["--enable-source-maps", main, ...process.argv.slice(2)], {
  stdio: "inherit",
  cwd: root,
});
command.once("exit", (code) => process.exit(code ?? 1));
