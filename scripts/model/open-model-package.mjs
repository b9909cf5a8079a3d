import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../start/command.mjs";
import { StartError } from "../start/progress.mjs";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** packages/model, built from its present sources; turbo knows when there is nothing to do. */
export async function openModelPackage() {
  const turbo = path.join(root, "node_modules", ".bin", "turbo");
  if (!existsSync(turbo)) throw new StartError("The packages are not installed. Run npm ci (or npm start once) first.");
  await runCommand(turbo, ["run", "build", "--filter=@residual/model", "--output-logs=errors-only"], { cwd: root });
  return import("../../packages/model/dist/index.js");
}
