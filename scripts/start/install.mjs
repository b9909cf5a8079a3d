import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./command.mjs";

/** True when node_modules was installed from exactly this lock file. */
export function isInstalled(root) {
  const marker = markerOf(root);
  return existsSync(marker) && readFileSync(marker, "utf8") === lockHash(root);
}

/** Installs the locked packages, including those that only the build needs. Nothing is compiled and no install script runs. */
export async function install(root) {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const flags = ["--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  try {
    await runCommand(command, [...first, "ci", ...flags], { cwd: root });
  } catch (error) {
    // An older npm can refuse a lock of a newer one that it can install all the same.
    if (!/EUSAGE|can only install/.test(error.message)) throw error;
    await runCommand(command, [...first, "install", "--no-save", ...flags], { cwd: root });
  }
  writeFileSync(markerOf(root), lockHash(root));
}

const markerOf = (root) => path.join(root, "node_modules", ".residual-lock");

const lockHash = (root) =>
  createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
