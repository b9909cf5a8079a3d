import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CpuMeter } from "./cpu-meter.js";
import { GpuMonitor } from "./gpu-monitor.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-smi-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function monitor(lines: string): GpuMonitor {
  writeFileSync(join(folder, "nvidia-smi"), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(folder, "nvidia-smi"), 0o755);
  return new GpuMonitor("GPU-1", 5, { PATH: `${folder}:${process.env.PATH}` });
}

describe("GpuMonitor", () => {
  it("reads what the driver says of the GPU that is asked for, again and again", async () => {
    const gpu = monitor(
      `echo "$*" > ${folder}/asked; echo "3, 1, 70.5, 40"; echo "97, 40960, 612.25, 61"; exec sleep 100`,
    );
    await expect
      .poll(() => gpu.latest)
      .toEqual({ percent: 97, memoryBytes: 40960 * 2 ** 20, watts: 612.25, celsius: 61 });
    gpu.close();
  });

  it("adds power up to energy", async () => {
    const gpu = monitor(`echo "9, 9, 3600, 9"; sleep 0.2; echo "9, 9, 3600, 9"; exec sleep 100`);
    await expect.poll(() => gpu.wattHours).toBeDefined();
    // 3600 W give one watt-hour a second.
    expect(gpu.wattHours).toBeGreaterThan(0.15);
    expect(gpu.wattHours).toBeLessThan(60);
    gpu.close();
  });

  it("leaves out what a GPU does not measure", async () => {
    const gpu = monitor(`echo "50, 100, [N/A], 30"; exec sleep 100`);
    await expect.poll(() => gpu.latest).toMatchObject({ percent: 50, watts: undefined, celsius: 30 });
    expect(gpu.wattHours).toBeUndefined();
    gpu.close();
  });

  it("is silent where there is no driver", async () => {
    const gpu = new GpuMonitor("GPU-1", 5, { PATH: folder });
    await new Promise((resolve) => setImmediate(resolve));
    expect(gpu.latest).toBeUndefined();
    gpu.close();
  });
});

describe("CpuMeter", () => {
  it("says which part of the time since the last reading the processors were busy", () => {
    const times = { user: 100, nice: 0, sys: 0, idle: 100, irq: 0 };
    const meter = new CpuMeter(() => [{ times: { ...times } }, { times: { ...times } }]);
    expect(meter.percent()).toBeUndefined();
    times.user += 30;
    times.idle += 10;
    expect(meter.percent()).toBe(75);
  });
});
