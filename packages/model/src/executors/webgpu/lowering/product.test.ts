import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../../graph/graph-builder.js";
import { expectClose } from "../../conformance/operations.js";
import { randomData } from "../../conformance/random-data.js";
import type { Executor } from "../../executor.js";
import { referenceExecutor } from "../../reference/reference-executor.js";
import { useSwiftShader } from "../swiftshader.js";
import { openWebGpu } from "../webgpu-executor.js";
import { chooseTile, splitInner } from "./product-tile.js";

const missing = useSwiftShader();

async function multiply(executor: Executor, a: number[], b: number[], flags: object): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const y = graph.batchMatMul(graph.placeholder("a", a), graph.placeholder("b", b), flags);
  const built = graph.build();
  const data = (shape: number[], seed: number) =>
    Float32Array.from(
      randomData(
        shape.reduce((x, y) => x * y, 1),
        seed,
      ),
    );
  const feeds = new Map([
    ["a", data(a, 1)],
    ["b", data(b, 2)],
  ]);
  const session = await executor.openSession([built]);
  const [result] = await session.run(built, { values: [y], applyUpdates: false }, feeds);
  session.dispose();
  return result!;
}

describe.skipIf(missing !== undefined)(`products on WebGPU${missing ? `: ${missing}` : ""}`, () => {
  it.each([
    // Many matrices make many tiles, so that the larger ones are taken; extents are beside the edges of the tiles.
    { rows: 130, columns: 70, inner: 6, batch: 64, height: 128, width: 128, slices: 1 },
    { rows: 130, columns: 64, inner: 20, batch: 64, height: 128, width: 64, slices: 1 },
    { rows: 9, columns: 7, inner: 3001, batch: 1, height: 64, width: 64, slices: 11 },
    { rows: 12, columns: 8, inner: 1040, batch: 2, height: 64, width: 64, slices: 4 },
  ])(
    "of $rows × $inner × $columns in tiles of $height × $width and $slices parts are those of plain loops",
    async (size) => {
      const { rows, columns, inner, batch, height, width, slices } = size;
      const tile = chooseTile(rows, columns, batch);
      expect(tile).toMatchObject({ height, width });
      expect(splitInner(tile, size, 16)).toBe(slices);
      const executor = await openWebGpu({ software: true });
      if ("unavailable" in executor) throw new Error(executor.unavailable);
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const a = transposeA ? [batch, inner, rows] : [batch, rows, inner];
          const b = transposeB ? [batch, columns, inner] : [batch, inner, columns];
          const flags = { transposeA, transposeB };
          const actual = await multiply(executor, a, b, flags);
          expectClose(actual, await multiply(referenceExecutor, a, b, flags), 1e-5, JSON.stringify(flags));
        }
      }
    },
  );
});
