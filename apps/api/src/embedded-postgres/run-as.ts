import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { copyForOtherUsers } from "./binaries.js";

/** How Postgres is executed: it refuses to run as root, so root lends it another identity. */
export interface Execution {
  native: string;
  clusterDir: string;
  /** Command that precedes the binary, e.g. unshare with its options. */
  prefix: string[];
  identity: { uid: number; gid: number } | null;
  /** Gives a file or an empty folder to the identity. */
  own(path: string): void;
}

/** The user namespace maps root to nobody: Postgres sees another user, the files stay root's. */
const unshare = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];

/**
 * Picks the execution for this process's user.
 * An ordinary user: directly. Root: as `postgres` or `nobody` where that user can reach both folders; else in a user
 * namespace; else (containers forbid namespaces) with the cluster moved to /var/tmp, which is said through `log`.
 */
export function chooseExecution(native: string, clusterDir: string, log: (line: string) => void): Execution {
  const direct: Execution = { native, clusterDir, prefix: [], identity: null, own: () => {} };
  if (process.getuid?.() !== 0) return direct;
  const identity = unprivilegedUser();
  const own = (path: string) => chownSync(path, identity.uid, identity.gid);
  if (reachable(native) && reachable(dirname(clusterDir))) return { ...direct, identity, own };
  if (spawnSync(unshare[0]!, [...unshare.slice(1), "true"], { stdio: "ignore" }).status === 0) {
    return { ...direct, prefix: unshare };
  }
  const moved = join("/var/tmp", `residual-${createHash("sha256").update(clusterDir).digest("hex").slice(0, 12)}`);
  log(`Postgres cannot run as root inside a folder that is closed to other users; its data lies in ${moved}`);
  return { ...direct, native: copyForOtherUsers(native), clusterDir: moved, identity, own };
}

/** `postgres` or else `nobody`: initdb fails for a uid without an entry in /etc/passwd. */
function unprivilegedUser(): { uid: number; gid: number } {
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const row = rows.find((r) => r[0] === "postgres") ?? rows.find((r) => r[0] === "nobody");
  if (!row)
    throw new Error(
      "Root cannot run Postgres, and neither user postgres nor nobody exists. Start Residual as an ordinary user.",
    );
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

/** Whether every folder on the way down to `path` lets other users pass. */
function reachable(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
