import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** What the driver says of one GPU; undefined for what it does not measure. */
export interface GpuSample {
  /** Part of the time in which something ran on it. */
  readonly percent: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly watts: number | undefined;
  readonly celsius: number | undefined;
}

const FIELDS = "utilization.gpu,memory.used,power.draw,temperature.gpu";

/** Reads one GPU again and again, in a process of NVIDIA's own, as long as it lives. */
export class GpuMonitor {
  latest: GpuSample | undefined;
  private readonly child: ChildProcessByStdio<null, Readable, null>;
  private lastPower: { readonly watts: number; readonly at: number } | undefined;
  private joules: number | undefined;

  constructor(uuid: string, everySeconds: number, env: NodeJS.ProcessEnv = process.env) {
    const args = [`--id=${uuid}`, `--query-gpu=${FIELDS}`, "--format=csv,noheader,nounits", `--loop=${everySeconds}`];
    this.child = spawn("nvidia-smi", args, { env, stdio: ["ignore", "pipe", "ignore"] });
    // Without it a run has no figures of its GPU, and trains all the same.
    this.child.on("error", () => {});
    createInterface({ input: this.child.stdout }).on("line", (line) => this.take(line, performance.now()));
  }

  /** Of the GPU since the first reading; undefined where the driver does not tell its power. */
  get wattHours(): number | undefined {
    return this.joules === undefined ? undefined : this.joules / 3600;
  }

  close(): void {
    this.child.kill();
  }

  private take(line: string, at: number): void {
    // "[N/A]" where a GPU does not measure something.
    const [percent, mebibytes, watts, celsius] = line.split(",").map((part) => {
      const value = Number.parseFloat(part);
      return Number.isFinite(value) ? value : undefined;
    });
    const memoryBytes = mebibytes === undefined ? undefined : mebibytes * 2 ** 20;
    this.latest = { percent, memoryBytes, watts, celsius };
    if (watts === undefined) return;
    const { lastPower } = this;
    if (lastPower) this.joules = (this.joules ?? 0) + (((watts + lastPower.watts) / 2) * (at - lastPower.at)) / 1000;
    this.lastPower = { watts, at };
  }
}
