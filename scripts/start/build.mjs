import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./command.mjs";

/** Builds every workspace; what has not changed since the last build comes from turbo's cache. */
export async function build(root, onProgress) {
  await runCommand(path.join(root, "node_modules", ".bin", "turbo"), ["run", "build", "--output-logs=errors-only"], {
    cwd: root,
    onLine: (line) => {
      const task = /^(@residual\/\S+?):build/.exec(line.trim());
      if (task) onProgress(task[1]);
    },
  });
  writeFileSync(
    path.join(root, "apps", "api", "dist", "build-info.json"),
    JSON.stringify(describeBuild(root), null, 2),
  );
}

/** What "Software details" shows. A copy without git history says so instead of inventing one. */
function describeBuild(root) {
  const git = (...args) => {
    try {
      return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      return "";
    }
  };
  const changes = git("log", "-100", "--format=%h%x09%cI%x09%s")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [commit, at, subject] = line.split("\t");
      return { commit, at, subject };
    });
  return {
    compiledAt: new Date().toISOString(),
    branch: git("rev-parse", "--abbrev-ref", "HEAD") || "unknown",
    commit: git("rev-parse", "--short", "HEAD") || "unknown",
    history: Number(git("rev-list", "--count", "HEAD") || 0),
    changes,
  };
}
