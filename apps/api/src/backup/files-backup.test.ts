import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pieceBytes } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalBlobs } from "../blob/local-blobs.js";
import { type FilesApi, sha256, startFilesApi } from "../modules/artifact/files-api.fixture.js";
import { insertTestRuns, type TestRun } from "../modules/metric/test-run.fixture.js";
import { openTestDatabase } from "../test-database.js";
import { verifyBlobs } from "../verify/verify-blobs.js";
import { backUp } from "./back-up.js";
import { readManifest } from "./manifest.js";
import { restore } from "./restore.js";

describe.each(["a folder", "S3"] as const)("files kept in %s", (where) => {
  const large = randomBytes(pieceBytes + 100);
  let api: FilesApi;
  let folder: string;
  let run: TestRun;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "residual-backup-"));
    api = await startFilesApi(where);
    [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
    await api.upload(run.id, "large.bin", large);
    await api.upload(run.id, "small.bin", Buffer.from("small"));
    await api.upload(run.id, "small again.bin", Buffer.from("small"));
    await api.begin(run.id, "half.bin", Buffer.from("never sent"));
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  it("are in a backup, and back after a restore, byte for byte", async () => {
    const target = join(folder, "whole");
    const { files } = await backUp(api.server.database.url, target, api.server.app.blobs);
    expect(files).toEqual({ blobs: 2, bytes: large.length + 5, missing: [] });
    expect((await stat(join(target, "blobs"))).mode & 0o077).toBe(0);
    const restored = await openTestDatabase();
    const blobs = new LocalBlobs(join(folder, "restored"));
    await restore(restored.url, target, blobs);
    expect(await verifyBlobs(restored.pool, blobs)).toEqual({
      ...{ blobs: 2, bytes: large.length + 5, damages: [], orphans: [] },
    });
    expect((await restored.pool.query("SELECT FROM artifact")).rowCount).toBe(3);
    expect((await restored.pool.query("SELECT FROM upload")).rowCount).toBe(0);
    await restored.close();
  });

  it.runIf(where === "a folder")("of a backup that were changed since are not restored as good ones", async () => {
    const target = join(folder, "whole");
    const hash = sha256(Buffer.from("small"));
    await writeFile(join(target, "blobs", hash.slice(0, 2), hash), "Small");
    const restored = await openTestDatabase();
    const blobs = new LocalBlobs(join(folder, "from changed"));
    await expect(restore(restored.url, target, blobs)).rejects.toThrow(/has the content/);
    expect(await blobs.size(hash)).toBeNull();
    await restored.close();
  });

  it.runIf(where === "S3")("can be left out, and a restore finds those that are there already", async () => {
    const target = join(folder, "tables");
    expect((await backUp(api.server.database.url, target)).files).toBeNull();
    expect(await readdir(target)).not.toContain("blobs");
    expect((await readManifest(target)).files).toBeNull();
    const restored = await openTestDatabase();
    await restore(restored.url, target, api.server.app.blobs);
    expect((await verifyBlobs(restored.pool, api.server.app.blobs)).damages).toEqual([]);
    await restored.close();
  });

  it("that are gone, damaged or belong to nothing are told with their runs", async () => {
    const { blobs, pool } = api.server.app;
    const lost = await api.upload(run.id, "lost.bin", Buffer.from("lost"));
    await blobs.remove(lost.sha256);
    const other = randomBytes(30);
    const damaged = await api.upload(run.id, "damaged.bin", other);
    const wrong = Buffer.from(other);
    wrong[0]! ^= 1;
    const stray = Buffer.from("stray");
    for (const [hash, content] of [
      [damaged.sha256, wrong],
      [sha256(stray), stray],
    ] as const) {
      await blobs.remove(hash);
      const staged = await blobs.begin(hash, `test${randomBytes(6).toString("hex")}`);
      await blobs.finish(staged, [await blobs.put(staged, 0, 0, content)]);
    }
    const { damages, orphans } = await verifyBlobs(pool, blobs);
    expect(new Map(damages.map(({ sha256: hash, problem, runs }) => [hash, [problem, runs]]))).toEqual(
      new Map([
        [lost.sha256, [`it is not in ${blobs.place}`, [run.id]]],
        [damaged.sha256, [`its content has the SHA-256 ${sha256(wrong)}`, [run.id]]],
      ]),
    );
    expect(orphans).toEqual([sha256(stray)]);
    // A backup does not take a damaged file for a good one, and says which are missing.
    await expect(backUp(api.server.database.url, join(folder, "damaged"), blobs)).rejects.toThrow(/has the content/);
    await blobs.remove(damaged.sha256);
    const { files } = await backUp(api.server.database.url, join(folder, "lacking"), blobs);
    expect(new Set(files?.missing)).toEqual(new Set([lost.sha256, damaged.sha256]));
  });

  it.runIf(where === "a folder")("that are not what they are counted as are told", async () => {
    await api.server.app.pool.query("UPDATE blob SET refs = 7 WHERE sha256 = $1", [sha256(Buffer.from("small"))]);
    const { damages } = await verifyBlobs(api.server.app.pool, api.server.app.blobs);
    expect(damages.map(({ problem }) => problem)).toContain("it is counted 7 times and belongs to 2 files");
  });
});
