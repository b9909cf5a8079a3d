import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { postgresEnvironment } from "./init-cluster.js";
import { stopPostmaster, untilReady } from "./postmaster.js";
import type { Execution } from "./run-as.js";

/** Deaths within a minute after which the server is left alone: something is wrong that a restart does not cure. */
const maxDeaths = 5;

/**
 * A session that is busy with a statement outlives its server and holds the shared memory that the next one needs; statements of ours
 * end within 15 s. A full disk may be freed meanwhile.
 */
const restartAttempts = 60;

const noSpace = /No space left on device/;

function whatNext(problem: string, isLast: boolean): string {
  if (noSpace.test(problem)) return "The disk is full. Free some space: Postgres then comes back by itself.";
  return isLast ? "It stays down." : "Trying again every second.";
}

/** The Postgres process that this process started. */
export class Server {
  pid = -1;
  #isStopping = false;
  #deaths: number[] = [];
  #starting: Promise<void> | undefined;

  constructor(
    private readonly execution: Execution,
    private readonly logFile: string,
    readonly port: number,
    private readonly settings: Record<string, string>,
    private readonly log: (line: string) => void,
  ) {}

  /** Resolves when it accepts connections; throws with the end of its log when it does not come up. */
  async start(): Promise<void> {
    const { native, clusterDir, prefix, identity } = this.execution;
    const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", jit: "off", ...this.settings };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [program, ...args] = [
      ...prefix,
      join(native, "bin", "postgres"),
      "-D",
      clusterDir,
      "-p",
      `${this.port}`,
      ...options,
    ];
    const logFd = openSync(this.logFile, "a", 0o600);
    const child = spawn(program!, args, {
      ...identity,
      cwd: "/",
      env: postgresEnvironment(),
      detached: true,
      stdio: ["ignore", logFd, logFd],
    });
    closeSync(logFd);
    child.unref();
    this.pid = child.pid ?? -1;
    let isUp = false;
    let ended: string | null = null;
    child.once("error", (error) => (ended = error.message));
    child.once("exit", (code, signal) => {
      ended ??= `exit ${code ?? signal}`;
      // Code 0: somebody shut it down in good order, and meant it.
      if (isUp && code !== 0 && !this.#isStopping) this.#starting = this.#restart(ended);
    });
    await untilReady(clusterDir, this.pid, () => ended && `${ended}\n${this.#endOfLog()}`);
    isUp = true;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#starting;
    await stopPostmaster(this.pid);
  }

  async #restart(reason: string): Promise<void> {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < 60_000), now];
    if (this.#deaths.length > maxDeaths) {
      this.log(
        `Postgres ended ${this.#deaths.length} times within a minute (${reason}) and stays down. Its log: ${this.logFile}`,
      );
      return;
    }
    this.log(`Postgres ended unexpectedly (${reason}); starting it again`);
    for (let attempt = 1; !this.#isStopping; attempt++) {
      try {
        return await this.start();
      } catch (error) {
        const isLast = attempt === restartAttempts;
        if (attempt === 1 || isLast) {
          this.log(`${(error as Error).message}\n${whatNext((error as Error).message, isLast)}`);
        }
        // Space that somebody frees after an hour must bring it back as space after a second does.
        if (isLast && !noSpace.test((error as Error).message)) return;
        await delay(attempt < restartAttempts ? 1_000 : 5_000);
      }
    }
  }

  #endOfLog(): string {
    return readFileSync(this.logFile, "utf8").split("\n").slice(-12).join("\n").trim();
  }
}
