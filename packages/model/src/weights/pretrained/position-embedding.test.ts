import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { referenceWeight } from "../../executors/conformance/reference-stream.js";
import { resizePositionEmbedding } from "./position-embedding.js";

interface Resampled {
  readonly rowMajor: number[];
  readonly sum: number;
}

interface Case {
  readonly seed: string;
  readonly shape: [number, number, number];
  readonly from: number;
  readonly to: number;
  readonly clsToken: number[];
  readonly plain: Resampled;
  readonly antialias: Resampled;
}

const url = new URL("./fixtures/position-embedding.json", import.meta.url);
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(url, "utf8"));

describe("resizePositionEmbedding", () => {
  it.each(cases)("gives PyTorch's values from $from to $to patches a side, for both conventions", (expected) => {
    const { seed, shape, from, to, clsToken } = expected;
    const embedding = referenceWeight(seed, { name: "pos_embed", shape, kind: "embedding", trainable: true });
    for (const [resampling, values] of [
      ["huggingface", expected.plain],
      ["timm", expected.antialias],
    ] as const) {
      const resized = resizePositionEmbedding(embedding, { from, to, width: shape[2] }, resampling);
      expect(resized).toHaveLength((1 + to * to) * shape[2]);
      for (const [i, value] of clsToken.entries()) expect(resized[i]).toBeCloseTo(value, 6);
      const grid = resized.subarray(shape[2]);
      for (const [i, value] of values.rowMajor.entries()) {
        expect(Math.abs(grid[i]! - value), `${resampling} ${i}`).toBeLessThan(1e-5);
      }
      expect(grid.reduce((sum, value) => sum + value, 0)).toBeCloseTo(values.sum, 3);
    }
  });

  it("leaves corners and a plane where they are in torchvision's convention", () => {
    const from = 5;
    const plane = Float32Array.from({ length: 1 + from * from }, (_, i) =>
      i === 0 ? 9 : 2 * Math.floor((i - 1) / from) + ((i - 1) % from),
    );
    const resized = resizePositionEmbedding(plane, { from, to: 9, width: 1 }, "torchvision");
    const at = (y: number, x: number) => resized[1 + y * 9 + x]!;
    expect([at(0, 0), at(0, 8), at(8, 0), at(8, 8)]).toEqual([0, 4, 8, 12]);
    expect(at(4, 4)).toBeCloseTo(6, 6);
    expect(at(3, 4)).toBeCloseTo(5, 6);
  });
});
