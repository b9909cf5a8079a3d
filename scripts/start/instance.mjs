import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * One running instance a data folder. Returns `{ running }` with the other one's address where there is one; otherwise
 * takes the place and returns functions to announce the address and to leave. A file of a process that died is taken over.
 */
export function takePlace(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, "running.json");
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid }), { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const other = readInstance(file);
      if (other && isAlive(other.pid)) return { running: other };
      rmSync(file, { force: true });
    }
  }
  return {
    announce: (url) => writeFileSync(file, JSON.stringify({ pid: process.pid, url }), { mode: 0o600 }),
    leave: () => {
      if (readInstance(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

function readInstance(file) {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
