import { readdirSync, readFileSync } from "node:fs";

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes of this machine (Linux), from /proc: nothing to install, nothing to match but what we look for. */
export function listProcesses(): RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state, parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
        if (state === "Z") return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

/** The child of `parent` whose command line contains `part`. */
export function childOf(parent: number, part: string): RunningProcess {
  const found = listProcesses().find((process) => process.parent === parent && process.command.includes(part));
  if (!found) throw new Error(`No child of ${parent} runs ${part}.`);
  return found;
}
