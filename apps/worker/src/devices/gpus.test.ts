import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../log.js";
import { tryLock } from "../processes/process-lock.js";
import { takeSlots } from "../slots.js";
import { environmentFor, listGpus } from "./gpus.js";

const uuids = ["GPU-aaaa1111", "GPU-bbbb2222", "GPU-cccc3333"];

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-gpus-"));
  const rows = uuids.map((uuid) => `${uuid}, NVIDIA H100 80GB HBM3, 81559, 580.95.05, 9.0`);
  writeFileSync(join(folder, "nvidia-smi"), `#!/bin/sh\ncat <<END\n${rows.join("\n")}\nEND\n`);
  chmodSync(join(folder, "nvidia-smi"), 0o755);
  env = { PATH: `${folder}:${process.env.PATH}` };
});
afterEach(() => rmSync(folder, { recursive: true }));

const listed = async (names?: string) =>
  (await listGpus(names === undefined ? env : { ...env, CUDA_VISIBLE_DEVICES: names })).map(({ uuid }) => uuid);

describe("listGpus", () => {
  it("reads name, memory and driver of every GPU", async () => {
    expect(await listGpus(env)).toMatchObject([
      {
        uuid: uuids[0],
        name: "NVIDIA H100 80GB HBM3",
        memoryBytes: 81559 * 2 ** 20,
        driver: "580.95.05",
        capability: "9.0",
      },
      { uuid: uuids[1] },
      { uuid: uuids[2] },
    ]);
  });

  it("heeds CUDA_VISIBLE_DEVICES as CUDA does: numbers, beginnings of UUIDs, up to the first that is none", async () => {
    expect(await listed("2,0")).toEqual([uuids[2], uuids[0]]);
    expect(await listed("GPU-bbbb")).toEqual([uuids[1]]);
    expect(await listed("1,7,0")).toEqual([uuids[1]]);
    expect(await listed("")).toEqual([]);
    expect(await listed("-1")).toEqual([]);
  });

  it("finds none where there is no driver", async () => {
    expect(await listGpus({ PATH: "/nowhere" })).toEqual([]);
  });

  it("shows a slot's processes its GPU alone", () => {
    const gpu = { uuid: uuids[1]!, name: "", memoryBytes: 0, driver: "", capability: undefined };
    expect(environmentFor(gpu, { CUDA_VISIBLE_DEVICES: "0,1" }).CUDA_VISIBLE_DEVICES).toBe(uuids[1]);
  });
});

describe("takeSlots", () => {
  const lines: string[] = [];
  const take = () => {
    const settings = {
      apiUrl: "",
      workerKey: "",
      dataFolder: folder,
      executor: "wasm",
      hourlyRate: null,
      uploadsBest: false,
    } as const;
    return takeSlots(
      settings,
      { ...process.env, ...env },
      false,
      createLog((line) => lines.push(line)),
    );
  };

  it("works in one slot where the executor cannot be told which GPU to use, and says so", async () => {
    const slots = await take();
    expect(slots).toMatchObject([{ gpu: undefined, choice: { chosen: { name: "wasm" } } }]);
    expect(lines.join("")).toContain("the worker does not choose among the GPUs");
    for (const slot of slots) slot.release();
  });

  const onLinux = process.platform === "linux" ? it : it.skip;
  onLinux("takes no GPU that another worker of this machine holds", async () => {
    const held = await Promise.all(uuids.map((uuid) => tryLock(`gpu-${uuid}`)));
    try {
      await expect(take()).rejects.toThrow(/hold all 3 GPUs.*CUDA_VISIBLE_DEVICES/);
    } finally {
      for (const lock of held) lock!.release();
    }
  });
});
