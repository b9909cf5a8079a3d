import { spawn } from "node:child_process";
import { StartError } from "./progress.mjs";

/** What every child gets: no telemetry of any tool, and no NODE_ENV that would make npm skip what the build needs. */
export function quietEnvironment() {
  const { NODE_ENV: _ignored, ...environment } = process.env;
  return { ...environment, TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
}

/**
 * Runs a command to its end. `onLine` receives each line of output for a progress display; when the command fails, the
 * last lines of its output are the message of the StartError.
 */
export function runCommand(command, args, { cwd, onLine = () => {}, env = quietEnvironment() }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const tail = [];
    let partial = "";
    const read = (chunk) => {
      const lines = (partial + chunk).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) {
        tail.push(line);
        if (tail.length > 60) tail.shift();
        onLine(line);
      }
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("error", (error) => reject(new StartError(`${command} could not be run: ${error.message}`)));
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(new StartError(`${[command, ...args].join(" ")} ${how}:\n${[...tail, partial].join("\n").trim()}`));
    });
  });
}
