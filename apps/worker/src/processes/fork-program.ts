import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A program of this worker that runs in a process of its own, so that a crash of native code ends that process alone. */
export interface Program {
  readonly child: ChildProcess;
  /** Resolves once the process is gone and all that it said is read. */
  readonly ended: Promise<ProgramEnd>;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines on its standard error, where native code and Node say why they die. */
  readonly lastLines: readonly string[];
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Hears everything that the program prints. */
  readonly write?: (text: string) => void;
}

const KEPT_LINES = 12;
const LONGEST_LINE = 400;

/** Starts `dist/<name>.js`: also from the sources, since a process cannot be started from these. */
export function forkProgram(
  name: "job-process" | "probe-process" | "main",
  { args = [], env, write = () => {} }: ProgramOptions,
): Program {
  const path = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
  const child = fork(path, args, { env, execArgv: ["--enable-source-maps"], stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const lines: string[] = [];
  let partial = "";
  child.stdout!.setEncoding("utf8").on("data", write);
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    write(text);
    const parts = (partial + text).split("\n");
    partial = parts.pop()!.slice(-LONGEST_LINE);
    lines.push(...parts.filter((line) => line.trim() !== "").map((line) => line.slice(0, LONGEST_LINE)));
    lines.splice(0, lines.length - KEPT_LINES);
  });
  // Its last messages may be read only after its end.
  const silent = new Promise((resolve) => child.once("disconnect", resolve));
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (partial.trim() !== "") lines.push(partial);
      void silent.then(() => resolve({ code, signal, lastLines: lines }));
    });
  });
  return { child, ended };
}
