import type { MetricValues } from "@residual/client";
import { CpuMeter } from "./cpu-meter.js";
import { GpuMonitor } from "./gpu-monitor.js";

const EVERY_SECONDS = 5;

/** Samples the machine beside the training: every 5 seconds, not at every step. */
export class SystemMetrics {
  private readonly cpu = new CpuMeter();
  private readonly gpu: GpuMonitor | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(gpuUuid: string | null, log: (values: MetricValues) => void) {
    this.gpu = gpuUuid === null ? undefined : new GpuMonitor(gpuUuid, EVERY_SECONDS);
    this.timer = setInterval(() => log(this.sample()), EVERY_SECONDS * 1000);
    this.timer.unref();
  }

  /** Of the GPU so far; undefined where none tells. */
  get wattHours(): number | undefined {
    return this.gpu?.wattHours;
  }

  close(): void {
    clearInterval(this.timer);
    this.gpu?.close();
  }

  private sample(): MetricValues {
    const gpu = this.gpu?.latest;
    const values = {
      "system/cpu_percent": this.cpu.percent(),
      "system/memory_bytes": process.memoryUsage.rss(),
      "system/gpu_percent": gpu?.percent,
      "system/gpu_memory_bytes": gpu?.memoryBytes,
      "system/gpu_power_watts": gpu?.watts,
      "system/gpu_celsius": gpu?.celsius,
    };
    return Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
    );
  }
}
