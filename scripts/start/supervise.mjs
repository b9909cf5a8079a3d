import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";

const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** A child that ran this long before it crashed starts again with the shortest delay. */
const stableAfterMs = 60_000;

/**
 * Starts a child and starts it again, with growing delays, whenever it ends without having been asked to. Each child has
 * its own process group, so that Ctrl-C reaches only us and we stop the parts in order; an IPC channel tells it when we die.
 */
export function supervise(name, { args, env, cwd, logDir, verbose, onLine = () => {} }) {
  mkdirSync(logDir, { recursive: true });
  const log = createWriteStream(path.join(logDir, `${name}.log`), { flags: "a" });
  let child;
  let stopping = false;
  let delayMs = firstDelayMs;
  let restart;

  const launch = () => {
    const startedAt = Date.now();
    child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    const lines = lineReader((line) => {
      log.write(`${line}\n`);
      if (verbose) console.log(`[${name}] ${line}`);
      onLine(line);
    });
    child.stdout.setEncoding("utf8").on("data", lines);
    child.stderr.setEncoding("utf8").on("data", lines);
    child.once("exit", (code, signal) => {
      child = undefined;
      if (stopping) return;
      if (Date.now() - startedAt > stableAfterMs) delayMs = firstDelayMs;
      const how = signal ? `was killed by ${signal}` : `ended with code ${code}`;
      console.log(
        `The ${name} ${how}; starting it again in ${delayMs / 1000} s (see ${path.join(logDir, `${name}.log`)}).`,
      );
      restart = setTimeout(launch, delayMs);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    });
  };
  launch();

  return {
    name,
    /** Asks the child to end, insists after `graceMs`, resolves when it is gone. */
    async stop(graceMs) {
      stopping = true;
      clearTimeout(restart);
      if (child) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        const insist = setTimeout(() => child?.kill("SIGKILL"), graceMs);
        await gone;
        clearTimeout(insist);
      }
      await new Promise((resolve) => log.end(resolve));
    },
  };
}

function lineReader(onLine) {
  let partial = "";
  return (chunk) => {
    const lines = (partial + chunk).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
}
