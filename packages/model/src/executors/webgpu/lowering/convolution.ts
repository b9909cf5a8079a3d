import type { Shape } from "../../../graph/operation.js";
import { input, type Lowering, type LoweringRule, read } from "./lowering.js";
import { matrixFactor } from "./matrix.js";
import { type Factor, product } from "./product.js";
import { range } from "./shader.js";

type Extents = readonly [number, number, number, number];

interface Geometry {
  readonly x: Extents;
  readonly weights: Extents;
  readonly y: Extents;
  readonly stride: number;
  readonly pad: number;
}

function geometry(x: Shape, weights: Shape, y: Shape, { stride, pad }: { stride: number; pad: number }): Geometry {
  const extents = (shape: Shape) => shape as unknown as Extents;
  return { x: extents(x), weights: extents(weights), y: extents(y), stride, pad };
}

/** A convolution with one pixel is a product of matrices as they lie in memory. */
const isPointwise = ({ weights: [height, width], stride, pad }: Geometry): boolean =>
  height === 1 && width === 1 && stride === 1 && pad === 0;

/**
 * The image as a matrix of patches, [pixel of the result, (row and column in the filter, channel)], read where it lies. `pixel` and
 * `tap` are the names of the two indices; four elements are channels of one pixel.
 */
function patches({ x, weights, y, stride, pad }: Geometry, pixel: "outer" | "inner"): Factor {
  const [batch, height, width, channels] = x;
  const [filterHeight, filterWidth] = weights;
  const [, yHeight, yWidth] = y;
  const tap = pixel === "outer" ? "inner" : "outer";
  const byFours = channels % 4 === 0;
  const position = `fn position(pixel: u32, tap: u32) -> i32 {`;
  const find = (index: string) => `{
    let tap = ${index} / ${channels}u;
    let row = i32(((${pixel} / ${yWidth}u) % ${yHeight}u) * ${stride}u + tap / ${filterWidth}u) - ${pad};
    let column = i32((${pixel} % ${yWidth}u) * ${stride}u + tap % ${filterWidth}u) - ${pad};`;
  void position;
  const inside = `row >= 0 && row < ${height} && column >= 0 && column < ${width}`;
  const place = (index: string) =>
    `((${pixel} / ${yWidth * yHeight}u * ${height}u + u32(row)) * ${width}u + u32(column)) * ${channels}u + ${index} % ${channels}u`;
  const taps = filterHeight * filterWidth * channels;
  const bounds = `if (${pixel} >= ${batch * yHeight * yWidth}u || ${tap} >= ${taps}u) { return vec4f(0); }`;
  const lanes = range(4).map(
    (i) => `if (${tap} + ${i}u < ${taps}u) ${find(`(${tap} + ${i}u)`)}
    if (${inside}) { four[${i}] = left[${place(`(${tap} + ${i}u)`)}]; } }`,
  );
  return {
    binding: read(input(0), byFours ? "vec4f" : "f32"),
    along: tap,
    load: byFours
      ? `${bounds}
  ${find(tap)}
    if (${inside}) { return left[(${place(tap)}) / 4u]; } }
  return vec4f(0);`
      : `${bounds}
  var four = vec4f(0);
  ${lanes.join("\n  ")}
  return four;`,
  };
}

/** y[pixel, o] = Σ patch[pixel, (i, j, c)]·filter[(i, j, c), o] */
export const conv2d: LoweringRule<"conv2d"> = ({ inputs: [x, weights], outputs: [y], attributes }) => {
  const shape = geometry(x!.shape, weights!.shape, y!.shape, attributes);
  const [rows, columns, inner] = extentsOf(shape);
  return product({
    rows,
    columns,
    inner,
    batch: 1,
    left: isPointwise(shape)
      ? matrixFactor("left", { lines: rows, length: inner, along: "inner" })
      : patches(shape, "outer"),
    right: matrixFactor("right", { lines: inner, length: columns, along: "outer" }),
  });
};

/** dfilter[(i, j, c), o] = Σ patch[pixel, (i, j, c)]·dy[pixel, o] */
export const conv2dGradFilter: LoweringRule<"conv2dGradFilter"> = ({ inputs: [x, dy], outputs: [dw], attributes }) => {
  const shape = geometry(x!.shape, dw!.shape, dy!.shape, attributes);
  const [pixels, columns, rows] = extentsOf(shape);
  return product({
    rows,
    columns,
    inner: pixels,
    batch: 1,
    left: isPointwise(shape)
      ? matrixFactor("left", { lines: pixels, length: rows, along: "outer" })
      : patches(shape, "inner"),
    right: matrixFactor("right", { lines: pixels, length: columns, along: "outer" }),
  });
};

/** Pixels of the result, its channels, and terms of each of its elements. */
function extentsOf({ weights: [height, width, inChannels, outChannels], y }: Geometry): [number, number, number] {
  return [y[0] * y[1] * y[2], outChannels, height * width * inChannels];
}

/**
 * dx[pixel, c] = Σ dy[pixel', o]·filter[(i, j, c), o] over the taps that led from the pixel to pixel'. With a stride s the pixels fall
 * into s² classes, each with its own taps: one product a class, without terms that are always zero.
 */
export const conv2dGradInput: LoweringRule<"conv2dGradInput"> = ({ inputs: [dy, weights], outputs: [dx], attributes }) => {
  const shape = geometry(dx!.shape, weights!.shape, dy!.shape, attributes);
  const classes = range(shape.stride).flatMap((row) => range(shape.stride).map((column) => [row, column] as const));
  const lowerings = classes
    .filter(([row, column]) => row < shape.x[1] && column < shape.x[2])
    .map(([row, column]) => gradientOfClass(shape, row, column));
  return {
    kernels: lowerings.flatMap(({ kernels }) => kernels),
    temporaryFloats: Math.max(...lowerings.map(({ temporaryFloats = 0 }) => temporaryFloats)),
  };
};

/** Along one axis: which taps meet the pixels phase, phase + stride, …, and in which row of dy. */
function meeting(extent: number, taps: number, stride: number, pad: number, phase: number) {
  const first = (phase + pad) % stride;
  return {
    pixels: Math.ceil((extent - phase) / stride),
    first,
    taps: Math.max(0, Math.ceil((taps - first) / stride)),
    /** Row of dy that the first of these pixels meets by the first tap. */
    base: (phase + pad - first) / stride,
  };
}

function gradientOfClass(shape: Geometry, phaseRow: number, phaseColumn: number): Lowering {
  const { x, weights, y, stride, pad } = shape;
  const [batch, height, width, channels] = x;
  const [filterHeight, filterWidth, , outChannels] = weights;
  const [, yHeight, yWidth] = y;
  const down = meeting(height, filterHeight, stride, pad, phaseRow);
  const across = meeting(width, filterWidth, stride, pad, phaseColumn);
  const rows = batch * down.pixels * across.pixels;
  const inner = down.taps * across.taps * outChannels;
  if (isPointwise(shape)) {
    return product({
      rows,
      columns: channels,
      inner,
      batch: 1,
      left: matrixFactor("left", { lines: rows, length: outChannels, along: "inner" }),
      right: matrixFactor("right", { lines: channels, length: outChannels, along: "inner" }),
    });
  }

  const byFours = outChannels % 4 === 0;
  const element = byFours ? "vec4f" : "f32";
  /** Reads four along `inner`, o; `at` names in a block where one element lies and whether it exists. */
  const load = (array: string, at: (inner: string) => { readonly names: string; readonly exists: string; readonly place: string }) => {
    if (byFours) {
      const { names, exists, place } = at("inner");
      return `${names} if (${exists}) { return ${array}[(${place}) / 4u]; } return vec4f(0);`;
    }
    const lanes = range(4).map((i) => {
      const { names, exists, place } = at(`(inner + ${i}u)`);
      return `if (inner + ${i}u < ${inner}u) { ${names} if (${exists}) { four[${i}] = ${array}[${place}]; } }`;
    });
    return `var four = vec4f(0); ${lanes.join("\n  ")} return four;`;
  };
  const tapsAcross = Math.max(1, across.taps);
  const left = load("left", (k) => ({
    names: `let tap = ${k} / ${outChannels}u;
  let row = i32((outer / ${across.pixels}u) % ${down.pixels}u + ${down.base}u) - i32(tap / ${tapsAcross}u);
  let column = i32(outer % ${across.pixels}u + ${across.base}u) - i32(tap % ${tapsAcross}u);`,
    exists: `row >= 0 && row < ${yHeight} && column >= 0 && column < ${yWidth}`,
    place: `((outer / ${down.pixels * across.pixels}u * ${yHeight}u + u32(row)) * ${yWidth}u + u32(column)) * ${outChannels}u + ${k} % ${outChannels}u`,
  }));
  const right = load("right", (k) => ({
    names: `let tap = ${k} / ${outChannels}u;
  let i = ${down.first}u + ${stride}u * (tap / ${tapsAcross}u);
  let j = ${across.first}u + ${stride}u * (tap % ${tapsAcross}u);`,
    exists: "true",
    place: `((i * ${filterWidth}u + j) * ${channels}u + outer) * ${outChannels}u + ${k} % ${outChannels}u`,
  }));
  const bounds = (outer: number) => `if (outer >= ${outer}u || inner >= ${inner}u) { return vec4f(0); }`;
  const pixel = `((row / ${down.pixels * across.pixels}u * ${height}u + ${phaseRow}u + ${stride}u * ((row / ${across.pixels}u) % ${down.pixels}u)) * ${width}u + ${phaseColumn}u + ${stride}u * (row % ${across.pixels}u))`;
  return product({
    rows,
    columns: channels,
    inner,
    batch: 1,
    left: { binding: read(input(0), element), along: "inner", load: `${bounds(rows)}\n  ${left}` },
    right: { binding: read(input(1), element), along: "inner", load: `${bounds(channels)}\n  ${right}` },
    rowStart: stride === 1 ? undefined : `${pixel} * ${channels}u`,
  });
}
