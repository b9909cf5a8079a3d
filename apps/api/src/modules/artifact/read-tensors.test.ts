import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalBlobs } from "../../blob/local-blobs.js";
import { readTensors } from "./read-tensors.js";

let folder: string;
let blobs: LocalBlobs;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-tensors-"));
  blobs = new LocalBlobs(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** What is read of a file with this header (as JSON, or as it is) and so many bytes of data. */
async function tensorsOf(header: object | string, dataBytes: number, claimed?: bigint) {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(json.length));
  const content = Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const staged = await blobs.begin(sha256, sha256.slice(0, 16));
  await blobs.put(staged, 0, 0, content);
  await blobs.finish(staged);
  return readTensors(blobs, { sha256, bytes: content.length });
}

const f32 = (shape: number[], begin: number, end: number) => ({ dtype: "F32", shape, data_offsets: [begin, end] });

describe("a safetensors file", () => {
  it("shows its tensors in the order of the file, with what they hold together", async () => {
    const header = { __metadata__: { format: "pt" }, "fc.weight": f32([10, 4], 16, 176), bias: f32([4], 0, 16) };
    expect(await tensorsOf(header, 176)).toEqual({
      problem: null,
      count: 2,
      elements: 44,
      tensors: [
        { name: "bias", dtype: "F32", shape: [4], bytes: 16 },
        { name: "fc.weight", dtype: "F32", shape: [10, 4], bytes: 160 },
      ],
    });
  });

  it("with ten thousand tensors is counted whole and shown in part", async () => {
    const tensors = Array.from({ length: 10_000 }, (_, i) => [`t${i}`, f32([1], 4 * i, 4 * i + 4)]);
    const table = await tensorsOf(Object.fromEntries(tensors), 40_000);
    expect([table.count, table.elements, table.tensors.length]).toEqual([10_000, 10_000, 2_000]);
  });
});

describe("what only claims to be one is told with a reason, and costs nothing", () => {
  it.each<[string, object | string, number, bigint | undefined, RegExp]>([
    ["a header beyond the file", {}, 0, 1n << 62n, /header claims 4611686018427387904 bytes, but only/],
    ["a header of more than 1 MiB", " ".repeat(1_100_000), 0, undefined, /no more than 1048576 are read/],
    ["a header that is no JSON", "\x80\x02}q", 0, undefined, /its header is no JSON/],
    ["a list", "[]", 0, undefined, /no JSON object/],
    ["data that overlap", { a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12, undefined, /overlaps another one/],
    ["data outside of the file", { a: f32([2], 0, 8) }, 4, undefined, /4 bytes of tensor data are missing/],
    ["data of nobody", { a: f32([1], 0, 4) }, 8, undefined, /belong to no tensor/],
    ["a shape that is not its data's", { a: f32([1e9, 1e9], 0, 4) }, 4, undefined, /needs 4000000000000000000 bytes/],
    ["a negative shape", { a: f32([-1], 0, 4) }, 4, undefined, /no valid shape/],
    ["a shape of 17 dimensions", { a: f32(Array(17).fill(1), 0, 4) }, 4, undefined, /no valid shape/],
    ["a name of 2,000 characters", { ["x".repeat(2_000)]: f32([1], 0, 4) }, 4, undefined, /has 2000 characters/],
    ["a name twice", '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{}}', 4, undefined, /"a" twice/],
    ["an unknown type", { a: { ...f32([1], 0, 4), dtype: "__proto__" } }, 4, undefined, /unknown type __proto__/],
  ])("%s", async (_what, header, dataBytes, claimed, reason) => {
    const table = await tensorsOf(header, dataBytes, claimed);
    expect(table.problem).toMatch(reason);
    expect(table.tensors).toEqual([]);
  });

  it("nothing of seven bytes", async () => {
    expect((await readTensors(blobs, { sha256: "0".repeat(64), bytes: 7 })).problem).toMatch(/ends after 7 bytes/);
  });
});
