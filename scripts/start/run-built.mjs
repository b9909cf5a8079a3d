import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.mjs";
import { install, isInstalled } from "./install.mjs";

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/**
 * Installs and builds what a package's command needs, then runs it in this process's place: `main` is its entry below the root. What is
 * done before goes to standard error, for standard output is the command's: it may be read by a program.
 */
export async function runBuilt(workspace, main, args) {
  try {
    if (!isInstalled(root)) {
      console.error("… installing packages");
      await install(root);
    }
    const turbo = path.join(root, "node_modules", ".bin", "turbo");
    await runCommand(turbo, ["run", "build", `--filter=${workspace}`, "--output-logs=errors-only"], { cwd: root });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const command = spawn(process.execPath, ["--enable-source-maps", path.join(root, main), ...args], {
    stdio: "inherit",
    cwd: root,
  });
  command.once("exit", (code) => process.exit(code ?? 1));
}
