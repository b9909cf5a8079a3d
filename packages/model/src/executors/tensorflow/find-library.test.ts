import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTensorFlow } from "./find-library.js";
import { openTensorFlow } from "./tensorflow.js";

/** A user who names a folder gets that one or the reason, never silently another executor's library. */
describe.runIf(process.platform === "linux")("a folder named by RESIDUAL_TENSORFLOW", () => {
  const before = process.env.RESIDUAL_TENSORFLOW;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "residual-tensorflow-"));
    process.env.RESIDUAL_TENSORFLOW = folder;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.RESIDUAL_TENSORFLOW;
    else process.env.RESIDUAL_TENSORFLOW = before;
    await rm(folder, { recursive: true });
  });

  async function placeLibraries(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
    for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
      await writeFile(join(path, name), "no library");
    }
  }

  it("is taken itself, or its folder tensorflow as pip unpacks it", async () => {
    await placeLibraries(join(folder, "tensorflow"));
    expect(await findTensorFlow()).toMatchObject({ folder: join(folder, "tensorflow"), core: "libtensorflow_cc.so.2" });
    await placeLibraries(folder);
    expect(await findTensorFlow()).toMatchObject({ folder });
  });

  it("without the libraries is named in the reason", async () => {
    expect(await findTensorFlow()).toEqual({ unavailable: expect.stringContaining(folder) });
  });

  it("with something else under their names is no crash but a reason", async () => {
    await placeLibraries(folder);
    expect(await openTensorFlow()).toEqual({ unavailable: expect.stringContaining("cannot be used") });
  });
});
