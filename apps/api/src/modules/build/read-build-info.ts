import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { BuildInfo } from "./build-info.type.js";

/** Written by scripts/start/build.mjs beside the compiled API. */
const buildInfoFile = new URL("../../build-info.json", import.meta.url);
const packageFile = new URL("../../../package.json", import.meta.url);

const changesShown = 100;

const fileSchema = z.object({
  compiledAt: z.coerce.date(),
  branch: z.string(),
  commit: z.string(),
  history: z.number().int(),
  changes: z.array(z.object({ commit: z.string(), at: z.coerce.date(), subject: z.string() })),
});

/** What the build wrote down; for a build by hand (tsc) what git says now. Where there is neither, "unknown". */
export async function readBuildInfo(): Promise<BuildInfo> {
  const { version } = JSON.parse(await readFile(packageFile, "utf8")) as { version: string };
  const written = await readFile(buildInfoFile, "utf8").catch(() => null);
  const info = written ? fileSchema.parse(JSON.parse(written)) : await askGit();
  return { release: version, ...info };
}

async function askGit(): Promise<z.infer<typeof fileSchema>> {
  const [branch, commit, count, log, { mtime }] = await Promise.all([
    git("rev-parse", "--abbrev-ref", "HEAD"),
    git("rev-parse", "--short", "HEAD"),
    git("rev-list", "--count", "HEAD"),
    git("log", `-${changesShown}`, "--format=%h%x09%cI%x09%s"),
    stat(fileURLToPath(import.meta.url)),
  ]);
  const changes = log.split("\n").flatMap((line) => {
    const [hash, at, subject] = line.split("\t");
    return hash && at ? [{ commit: hash, at: new Date(at), subject: subject ?? "" }] : [];
  });
  return {
    compiledAt: mtime,
    branch: branch || "unknown",
    commit: commit || "unknown",
    history: Number(count),
    changes,
  };
}

/** What git prints, or nothing where there is no git or no history. */
async function git(...args: string[]): Promise<string> {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  try {
    return (await promisify(execFile)("git", args, { cwd })).stdout.trim();
  } catch {
    return "";
  }
}
