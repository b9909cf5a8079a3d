import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DoctorReport } from "@residual/shared";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AvailableExecutor, ProbedExecutor } from "../probe/probed-executor.js";
import { examineDisk } from "./examine-disk.js";
import { examineDriver, examineLibrary, examineTraining } from "./examine-executors.js";
import { examineMemory, examineNode } from "./examine-machine.js";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "residual-doctor-"));
});
afterEach(() => rmSync(data, { recursive: true }));

async function doctor(env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [main, "doctor", ...args], {
    env: { ...process.env, RESIDUAL_DATA: data, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (text) => {
    printed += text;
  });
  const [code] = await once(child, "close");
  return { code, printed };
}

describe("worker doctor", () => {
  it("trains real networks on what is there and says how fast, as JSON", async () => {
    const { code, printed } = await doctor({ RESIDUAL_EXECUTOR: "wasm" }, "--json");
    const report = JSON.parse(printed) as DoctorReport;
    expect(report.executors).toMatchObject([{ name: "wasm", available: true, chosen: true, precisions: ["fp32"] }]);
    const [{ steps }] = report.executors as [DoctorReport["executors"][number]];
    expect(steps.map(({ architecture }) => architecture)).toEqual(["resnet18", "vit_tiny_patch16_224"]);
    for (const { imagesPerSecond } of steps) expect(imagesPerSecond).toBeGreaterThan(0);
    expect(report.checks.find(({ subject }) => subject === "TRAINING")).toMatchObject({ ok: true });
    expect(report.healthy).toBe(report.checks.every(({ ok }) => ok));
    expect(code).toBe(report.healthy ? 0 : 1);
  });

  it("says for people what is wrong with a library and what to do, and ends with 1", async () => {
    const { code, printed } = await doctor({ RESIDUAL_EXECUTOR: "tensorflow", RESIDUAL_TENSORFLOW: data });
    expect(printed).toMatch(/✗ TensorFlow: .*libtensorflow_cc\.so\.2.*\n {4}→ .*npm run native/);
    expect(printed).toMatch(/✗ No executor can be opened/);
    expect(code).toBe(1);
  });
});

const steps = (firstLoss: number) => [
  { architecture: "resnet18", imageSize: 64, batchSize: 16, imagesPerSecond: 40, firstLoss },
];
const facts = { available: true, threads: 2, precisions: ["fp32"], gigaflops: 50 } as const;
const wasm: AvailableExecutor = { ...facts, name: "wasm", device: "WebAssembly", steps: steps(2.3) };
const native = (place: string, firstLoss = 2.3): AvailableExecutor => ({
  ...facts,
  name: "tensorflow",
  device: `TensorFlow 2.21.0 on ${place}`,
  steps: steps(firstLoss),
});
const gpu = { uuid: "GPU-1", name: "NVIDIA H100", memoryBytes: 80 * 2 ** 30, driver: "580", capability: "9.0" };

describe("the examination", () => {
  it("does not trust an executor that computes another loss than the others", () => {
    const right = native("CPU, 2 threads", 2.3001);
    expect(examineTraining([right, wasm], right)).toMatchObject({ ok: true });
    const wrong = native("CPU, 2 threads", 2.4);
    expect(examineTraining([wrong, wasm], wrong)).toMatchObject({
      ok: false,
      finding: { text: expect.stringContaining("another loss of ResNet-18 than wasm") },
      advice: { key: "doctor.training.retreat", text: expect.stringContaining("RESIDUAL_EXECUTOR=wasm") },
    });
  });

  it("complains about a GPU that no executor uses", () => {
    expect(examineDriver([gpu], native("NVIDIA H100, 79.0 GiB"))).toMatchObject({ ok: true });
    for (const chosen of [native("CPU, 2 threads"), wasm, undefined]) {
      expect(examineDriver([gpu], chosen)).toMatchObject({
        ok: false,
        advice: { text: expect.stringContaining("--cuda") },
      });
    }
    expect(examineDriver([], wasm)).toMatchObject({ ok: true });
    const webgpu: AvailableExecutor = { ...wasm, name: "webgpu", device: "AMD Radeon" };
    expect(examineDriver([], webgpu).finding.text).toBe("No NVIDIA driver is needed: WebGPU trains on AMD Radeon.");
  });

  it("takes a missing library for an advice and a broken one for a fault", () => {
    const absent: ProbedExecutor = { name: "tensorflow", available: false, reason: "no TensorFlow library found" };
    expect(examineLibrary([absent, wasm])).toMatchObject({
      ok: true,
      advice: { text: expect.stringContaining("npm run native") },
    });
    const reason =
      "Python's tensorflow 2.8 cannot be used: it is TensorFlow 2.8.0, but 2.9 or a newer release of 2 is needed";
    expect(examineLibrary([{ ...absent, reason }, wasm])).toMatchObject({
      ok: false,
      finding: { text: expect.stringContaining("2.8.0") },
    });
  });

  it("names a folder that cannot be written, a Node that is too old, and too little memory", () => {
    const file = join(data, "file");
    writeFileSync(file, "");
    expect(examineDisk(file)).toMatchObject({ ok: false, advice: { text: expect.stringContaining("RESIDUAL_DATA") } });
    expect(examineNode("18.20.0")).toMatchObject({ ok: false, advice: { text: expect.stringContaining("24") } });
    expect(examineNode("24.1.0")).toMatchObject({ ok: true, finding: { text: "Node.js 24.1.0." } });
    expect(examineNode("24.1.0")).not.toHaveProperty("advice");
    expect(examineMemory(2 ** 30, 2 ** 29)).toMatchObject({ ok: false });
  });
});
