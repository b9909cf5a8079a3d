import type { Shape } from "../../../graph/operation.js";
import { input, type LoweringRule, read } from "./lowering.js";
import { matrixFactor } from "./matrix.js";
import { type Factor, product } from "./product.js";

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
  const taps = filterHeight * filterWidth * channels;
  return {
    ...gather("left", channels, taps, {
      along: tap,
      bounds: `${pixel} < ${batch * yHeight * yWidth}u`,
      position: `let row = i32(((${pixel} / ${yWidth}u) % ${yHeight}u) * ${stride}u + tap / ${filterWidth}u) - ${pad};
    let column = i32((${pixel} % ${yWidth}u) * ${stride}u + tap % ${filterWidth}u) - ${pad};`,
      exists: `row >= 0 && row < ${height} && column >= 0 && column < ${width}`,
      line: `(${pixel} / ${yWidth * yHeight}u * ${height}u + u32(row)) * ${width}u + u32(column)`,
    }),
    along: tap,
  };
}

/** How four elements that lie along `along`, an index (tap, channel), are found. */
interface Gathering {
  readonly along: "outer" | "inner";
  /** Condition of the other index. */
  readonly bounds: string;
  /** Names, from `tap` and the other index, what the rest uses. */
  readonly position: string;
  readonly exists: string;
  /** Number of the line of channels in the array. */
  readonly line: string;
}

/** Reads by fours where these never reach beyond the channels of one tap. */
function gather(side: "left" | "right", channels: number, extent: number, how: Gathering): Omit<Factor, "along"> {
  const { along, bounds, position, exists, line } = how;
  const byFours = channels % 4 === 0;
  return {
    binding: read(input(side === "left" ? 0 : 1), byFours ? "vec4f" : "f32"),
    load: `if (!(${bounds})) { return vec4f(0); }
  var four: vec4f;
  for (var i = 0u; i < ${byFours ? 1 : 4}u; i++) {
    let at = ${along} + i;
    if (at >= ${extent}u) { break; }
    let tap = at / ${channels}u;
    ${position}
    if (!(${exists})) { continue; }
    let place = (${line}) * ${channels}u + at % ${channels}u;
    ${byFours ? `four = ${side}[place / 4u];` : `four[i] = ${side}[place];`}
  }
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
 * into s² classes, each with its own taps: one matrix of a batch is a class, without the terms that are always zero.
 */
export const conv2dGradInput: LoweringRule<"conv2dGradInput"> = ({
  inputs: [dy, weights],
  outputs: [dx],
  attributes,
}) => {
  const shape = geometry(dx!.shape, weights!.shape, dy!.shape, attributes);
  const { stride, pad } = shape;
  const [batch, height, width, channels] = shape.x;
  const [filterHeight, filterWidth, , outChannels] = shape.weights;
  const [, yHeight, yWidth] = shape.y;
  /** Of the largest class; of others some pixels or taps do not exist. */
  const [pixelsDown, pixelsAcross] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const [tapsDown, tapsAcross] = [Math.ceil(filterHeight / stride), Math.ceil(filterWidth / stride)];
  const rows = batch * pixelsDown * pixelsAcross;
  const inner = tapsDown * tapsAcross * outChannels;
  const spec = { rows, columns: channels, inner, batch: stride * stride };
  if (isPointwise(shape)) {
    return product({
      ...spec,
      left: matrixFactor("left", { lines: rows, length: outChannels, along: "inner" }),
      right: matrixFactor("right", { lines: channels, length: outChannels, along: "inner" }),
    });
  }

  const down = `(batch / ${stride}u)`;
  const across = `(batch % ${stride}u)`;
  const tap = `let tapRow = (${down} + ${pad}u) % ${stride}u + ${stride}u * (tap / ${tapsAcross}u);
    let tapColumn = (${across} + ${pad}u) % ${stride}u + ${stride}u * (tap % ${tapsAcross}u);`;
  const isTap = `tapRow < ${filterHeight}u && tapColumn < ${filterWidth}u`;
  const left = gather("left", outChannels, inner, {
    along: "inner",
    bounds: `outer < ${rows}u`,
    position: `${tap}
    let row = i32(${stride}u * ((outer / ${pixelsAcross}u) % ${pixelsDown}u) + ${down} + ${pad}u) - i32(tapRow);
    let column = i32(${stride}u * (outer % ${pixelsAcross}u) + ${across} + ${pad}u) - i32(tapColumn);`,
    exists: `${isTap} && row >= 0 && row < ${yHeight * stride} && column >= 0 && column < ${yWidth * stride}`,
    line: `(outer / ${pixelsDown * pixelsAcross}u * ${yHeight}u + u32(row) / ${stride}u) * ${yWidth}u + u32(column) / ${stride}u`,
  });
  const right = gather("right", outChannels, inner, {
    along: "inner",
    bounds: `outer < ${channels}u`,
    position: tap,
    exists: isTap,
    line: `(tapRow * ${filterWidth}u + tapColumn) * ${channels}u + outer`,
  });
  const pixelRow = `(${down} + ${stride}u * ((row / ${pixelsAcross}u) % ${pixelsDown}u))`;
  const pixelColumn = `(${across} + ${stride}u * (row % ${pixelsAcross}u))`;
  const image = `row / ${pixelsDown * pixelsAcross}u`;
  const place = {
    start: `((${image} * ${height}u + ${pixelRow}) * ${width}u + ${pixelColumn}) * ${channels}u`,
    exists: `${pixelRow} < ${height}u && ${pixelColumn} < ${width}u`,
  };
  return product({
    ...spec,
    left: { ...left, along: "inner" },
    right: { ...right, along: "inner" },
    place: stride === 1 ? undefined : place,
  });
};
