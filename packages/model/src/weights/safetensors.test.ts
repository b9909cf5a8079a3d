import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors, SafetensorsError } from "./safetensors-reader.js";
import { writeSafetensors } from "./safetensors-writer.js";

interface DamagedFile {
  readonly file: string;
  readonly outcome: "error" | "ok";
  readonly why: string;
  readonly values?: Record<string, (number | "Infinity")[]>;
}

const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));
const { damaged }: { damaged: DamagedFile[] } = JSON.parse(await readFile(join(fixtures, "damaged.json"), "utf8"));

/** What the error has to tell, beside the file's name. */
const reasons: Record<string, string> = {
  "bad-truncated-header": "inside the header|but only",
  "bad-header-longer-than-file": "claims 4096 bytes",
  "bad-overlap": 'tensor "b" overlaps',
  "bad-dtype": "unknown type F33",
  "bad-duplicate-key": 'key "a" twice',
  "bad-shape-product": "needs 24 bytes, its data range has 16",
  "bad-truncated-data": "bytes of tensor data are missing",
  "bad-pickle-zip": "PyTorch pickle",
  "bad-empty-file": "it is empty",
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-safetensors-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a damaged file is refused with its name and the reason", () => {
  it.each(damaged.filter(({ outcome }) => outcome === "error"))("$file: $why", async ({ file }) => {
    const path = join(fixtures, file);
    const error = await openSafetensors(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SafetensorsError);
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toMatch(new RegExp(reasons[file.replace(".safetensors", "")]!));
  });

  it.each([
    [
      "a hole",
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
      8,
      "bytes 0 to 4 of its data belong to no tensor",
    ],
    ["no JSON", '{"a":', 0, "no JSON"],
    ["a list for a header", "[]", 0, "no JSON object"],
    ["a negative extent", '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}', 0, "no valid shape"],
    ["a huge shape", '{"a":{"dtype":"F32","shape":[9e15,9e15],"data_offsets":[0,4]}}', 4, 'tensor "a" of shape'],
    ["metadata that is no text", '{"__metadata__":{"epoch":1}}', 0, '"epoch" is no text'],
    ["\xff", "{\xff}", 0, "no UTF-8"],
  ])("with %s", async (_, header, dataBytes, reason) => {
    const path = join(folder, "made.safetensors");
    const text = Buffer.from(header, "latin1");
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(path, Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
    await expect(openSafetensors(path)).rejects.toThrow(reason);
  });

  it("at whatever byte it was cut", async () => {
    const whole = join(folder, "whole.safetensors");
    await writeSafetensors(whole, [{ name: "a", shape: [3], data: () => Float32Array.of(1, 2, 3) }], { epoch: "1" });
    const bytes = await readFile(whole);
    const cut = join(folder, "cut.safetensors");
    for (let length = 0; length < bytes.length; length++) {
      await writeFile(cut, bytes.subarray(0, length));
      await expect(openSafetensors(cut), `${length} bytes`).rejects.toBeInstanceOf(SafetensorsError);
    }
    await writeFile(cut, Buffer.concat([bytes, Buffer.alloc(4)]));
    await expect(openSafetensors(cut)).rejects.toThrow("its last 4 bytes belong to no tensor");
  });
});

describe("an unusual but sound file loads", () => {
  it.each(damaged.filter(({ outcome }) => outcome === "ok"))("$file: $why", async ({ file, values }) => {
    const opened = await openSafetensors(join(fixtures, file));
    expect([...opened.tensors.keys()].sort()).toEqual(Object.keys(values!).sort());
    for (const [name, expected] of Object.entries(values!)) {
      expect(Array.from(await opened.read(name))).toEqual(expected.map((value) => Math.fround(Number(value))));
    }
    expect(Object.prototype).not.toHaveProperty("1");
    await opened.close();
  });
});

describe("writeSafetensors", () => {
  it("gives back every bit, the metadata, and the hash of the file", async () => {
    const path = join(folder, "written.safetensors");
    const odd = Float32Array.of(NaN, -0, Infinity, 1e-45, 3.4e38, 0.1);
    const written = await writeSafetensors(
      path,
      [
        { name: "layer.weight", shape: [2, 3], data: () => odd },
        { name: "__proto__", shape: [], data: async () => Float32Array.of(7) },
        { name: "empty", shape: [0, 4], data: () => new Float32Array(0) },
      ],
      { step: "12", note: "ü" },
    );
    const file = await openSafetensors(path);
    expect(new Uint8Array((await file.read("layer.weight")).buffer)).toEqual(new Uint8Array(odd.buffer));
    expect(Array.from(await file.read("__proto__"))).toEqual([7]);
    expect(file.tensors.get("empty")?.shape).toEqual([0, 4]);
    expect(Object.fromEntries(file.metadata)).toEqual({ step: "12", note: "ü" });
    await expect(file.read("absent")).rejects.toThrow('has no tensor "absent"');
    await file.close();

    const bytes = await readFile(path);
    expect(written).toEqual({ bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
  });

  it("leaves the old file and no rest when writing fails half-way", async () => {
    const path = join(folder, "kept.safetensors");
    const tensor = (data: () => Float32Array) => ({ name: "a", shape: [2], data });
    await writeSafetensors(path, [tensor(() => Float32Array.of(1, 2))]);
    const before = await readFile(path);
    const failing = writeSafetensors(path, [
      tensor(() => Float32Array.of(3, 4)),
      tensor(() => {
        throw new Error("no space left on device");
      }),
    ]);
    await expect(failing).rejects.toThrow("no space left on device");
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.includes("unfinished"))).toEqual([]);
  });
});
