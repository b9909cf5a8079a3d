import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Processes are started from what is built, so the tests that start some must not meet an old build. */
export function setup(): void {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-b", "packages/client", "apps/api"], {
    cwd: root,
    stdio: "inherit",
  });
}
