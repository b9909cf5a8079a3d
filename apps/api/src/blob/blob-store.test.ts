import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pieceBytes } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "../env.js";
import type { BlobStore } from "./blob-store.js";
import { LocalBlobs } from "./local-blobs.js";
import { openBlobStore } from "./open-blob-store.js";
import { type S3Server, startS3Server } from "./s3-server.fixture.js";

let folder: string;
let s3: S3Server;
const stores: Record<string, BlobStore> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-blobs-"));
  s3 = await startS3Server();
  stores["a folder"] = new LocalBlobs(folder);
  stores.S3 = openBlobStore(readEnv({ ...s3.settings }));
});
afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
let ids = 0;

/** Begins a blob and puts its pieces; returns how to finish it. */
async function stage(store: BlobStore, content: Uint8Array) {
  const staged = await store.begin(sha256(content), `id${++ids}`);
  const receipts: string[] = [];
  for (let at = 0; at < content.length; at += pieceBytes)
    receipts.push(await store.put(staged, receipts.length, at, content.subarray(at, at + pieceBytes)));
  return { staged, finish: () => store.finish(staged, receipts) };
}

async function listed(store: BlobStore): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for await (const { sha256: name, bytes } of store.list()) found[name] = bytes;
  return found;
}

describe.each(["a folder", "S3"])("blobs in %s", (name) => {
  const content = randomBytes(2 * pieceBytes + 1_234);
  const store = () => stores[name]!;

  it("are there once they are finished, whole and in parts, and not before", async () => {
    const { finish } = await stage(store(), content);
    expect(await store().size(sha256(content))).toBeNull();
    await expect(store().read(sha256(content))).rejects.toThrow(`has no blob ${sha256(content)}`);
    expect(await listed(store())).toEqual({});
    await finish();
    expect(await store().size(sha256(content))).toBe(content.length);
    expect((await buffer(await store().read(sha256(content)))).equals(content)).toBe(true);
    const [start, end] = [pieceBytes - 3, pieceBytes + 4];
    const part = await buffer(await store().read(sha256(content), { start, end }));
    expect(part.equals(content.subarray(start, end + 1))).toBe(true);
    expect(await listed(store())).toEqual({ [sha256(content)]: content.length });
  });

  it("take a piece that was sent again for the one before", async () => {
    const bytes = randomBytes(pieceBytes + 10);
    const staged = await store().begin(sha256(bytes), `id${++ids}`);
    await store().put(staged, 0, 0, randomBytes(pieceBytes));
    const first = await store().put(staged, 0, 0, bytes.subarray(0, pieceBytes));
    const second = await store().put(staged, 1, pieceBytes, bytes.subarray(pieceBytes));
    await store().finish(staged, [first, second]);
    expect((await buffer(await store().read(staged.sha256))).equals(bytes)).toBe(true);
    await store().remove(staged.sha256);
  });

  it("that two put at once become one", async () => {
    const bytes = randomBytes(1_000);
    const both = await Promise.all([stage(store(), bytes), stage(store(), bytes)]);
    await Promise.all(both.map(({ finish }) => finish()));
    expect((await buffer(await store().read(sha256(bytes)))).equals(bytes)).toBe(true);
    await store().remove(sha256(bytes));
    expect(await store().size(sha256(bytes))).toBeNull();
    // Once more is no error.
    await store().remove(sha256(bytes));
  });

  it("that were given up leave nothing", async () => {
    const { staged, finish } = await stage(store(), randomBytes(10));
    await store().abort(staged);
    await store().abort(staged);
    await expect(finish()).rejects.toThrow();
    expect(await store().size(staged.sha256)).toBeNull();
  });
});

describe("a folder of blobs", () => {
  it("is for the eyes of the API alone, and has no name in it but hashes", async () => {
    await stage(stores["a folder"]!, Buffer.from("staged"));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(entries.length).toBeGreaterThan(3);
    for (const entry of entries) {
      expect((await stat(join(entry.parentPath, entry.name))).mode & 0o077, entry.name).toBe(0);
      expect(entry.name).toMatch(/^(blobs|uploads|[0-9a-f]{2}|[0-9a-f]{64}|id\d+)$/);
    }
  });

  it("opens nothing outside of it, even for a caller that does not look", async () => {
    const store = stores["a folder"]!;
    for (const name of ["../../etc/passwd", "/etc/passwd", "..", "", "a/b", "a\0b"]) {
      await expect(store.read(name), name).rejects.toThrow("is no name of a blob");
      await expect(store.put({ sha256: "00", token: name }, 0, 0, Buffer.from("x"))).rejects.toThrow("no name");
    }
  });
});

it("an S3 server that refuses its keys is told from one that lacks a blob", async () => {
  const wrong = openBlobStore(readEnv({ ...s3.settings, S3_SECRET_ACCESS_KEY: "wrong" }));
  await expect(wrong.read("0".repeat(64))).rejects.toThrow(/answers GET with 403 SignatureDoesNotMatch/);
});
