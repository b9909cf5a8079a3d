import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheLimit, makeRoom, touch } from "./pixel-cache.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-cache-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("makeRoom", () => {
  it("removes the files that were not used for longest, and nothing else", async () => {
    for (const [index, name] of ["a.pixels", "b.pixels", "c.pixels", "notes.txt"].entries()) {
      await writeFile(join(folder, name), new Uint8Array(100));
      await utimes(join(folder, name), 1000 + index, 1000 + index);
    }
    await touch(join(folder, "a.pixels"));
    await makeRoom(folder, 100, 300);
    expect((await readdir(folder)).sort()).toEqual(["a.pixels", "c.pixels", "notes.txt"]);
  });

  it("removes what a process that died left half written, but not what is being written", async () => {
    for (const name of ["old.pixels.1.tmp", "new.pixels.2.tmp", "notes.tmp"]) await writeFile(join(folder, name), "");
    await utimes(join(folder, "old.pixels.1.tmp"), 1000, 1000);
    await utimes(join(folder, "notes.tmp"), 1000, 1000);
    await makeRoom(folder, 100, 300);
    expect((await readdir(folder)).sort()).toEqual(["new.pixels.2.tmp", "notes.tmp"]);
  });
});

describe("cacheLimit", () => {
  it("is no more than twenty gibibytes, and makes the folder", async () => {
    const limit = await cacheLimit(join(folder, "new"));
    expect(limit).toBeGreaterThan(0);
    expect(limit).toBeLessThanOrEqual(20 * 1024 ** 3);
    expect(await readdir(folder)).toEqual(["new"]);
  });
});
