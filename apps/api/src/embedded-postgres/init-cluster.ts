import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Execution } from "./run-as.js";

/**
 * Creates the cluster unless it exists: initdb into a folder beside it, then a rename, so that a start that was killed
 * leaves no half-made cluster behind.
 */
export async function initCluster(execution: Execution, password: string): Promise<void> {
  const { clusterDir, identity, prefix, native } = execution;
  if (existsSync(join(clusterDir, "PG_VERSION"))) return;
  const half = `${clusterDir}.init-${process.pid}`;
  // The parents keep the usual mode: with 0700 they would lock out the user that runs Postgres.
  mkdirSync(dirname(half), { recursive: true });
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  execution.own(half);
  const passwordFile = join(tmpdir(), `residual-${randomUUID()}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  execution.own(passwordFile);
  const command = [
    ...prefix,
    join(native, "bin", "initdb"),
    ...["-D", half, "-U", "postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`],
    ...["--encoding=UTF8", "--locale=C", "--data-checksums", "--no-sync", "--no-instructions"],
  ];
  try {
    await promisify(execFile)(command[0]!, command.slice(1), { ...identity, cwd: "/", env: postgresEnvironment() });
    renameSync(half, clusterDir);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    // Another start of the same folder may have been faster; its cluster serves both.
    if (!existsSync(join(clusterDir, "PG_VERSION"))) throw new Error(`initdb failed: ${initdbReason(error)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Nothing of the caller's environment reaches Postgres: PG* variables or a locale would change what it does. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

function initdbReason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return stderr?.trim() || message;
}
