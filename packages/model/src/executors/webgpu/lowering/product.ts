import { type Binding, type Lowering, output, read, temporary, write } from "./lowering.js";
import { mapElements } from "./map-elements.js";
import { chooseTile, splitInner, type Tile } from "./product-tile.js";
import { range, shader } from "./shader.js";

/** How a product reads one of its two factors, four elements at once. */
export interface Factor {
  readonly binding: Binding;
  /** The index along which the four lie: that of the product's row (or column), or that which is summed over. */
  readonly along: "outer" | "inner";
  /**
   * Statements of a function of `batch`, `outer` and `inner` that return a `vec4f`, zeros beyond the factor. The factor is bound as
   * `left` or `right`.
   */
  readonly load: string;
}

/** Statements that return four elements, each an expression of `i` where a condition of `i` holds, else zero. */
export function lanes(exists: string, element: string): string {
  return `var four: vec4f;
  for (var i = 0u; i < 4u; i++) { if (${exists}) { four[i] = ${element}; } }
  return four;`;
}

export interface ProductSpec {
  /** Of each result matrix. */
  readonly rows: number;
  readonly columns: number;
  /** Terms of a sum. */
  readonly inner: number;
  readonly batch: number;
  readonly left: Factor;
  readonly right: Factor;
  /** Where row `row` of matrix `batch` begins in the result, in floats, and whether it is there; one behind the other unless said. */
  readonly place?: { readonly start: string; readonly exists: string };
}

/** Sums are cut into blocks of so many terms, which lie in workgroup memory. */
const depth = 16;

/**
 * Matrix products by tiles: a workgroup of 16 × 16 invocations computes a tile of the result, each invocation some rows of it by four
 * or eight columns. Where the result has too few tiles for a GPU, several workgroups share the terms of the sums, and a second
 * kernel adds their parts, always in the same order.
 */
export function product(spec: ProductSpec): Lowering {
  const { rows, columns, inner, batch } = spec;
  const tile = chooseTile(rows, columns, batch);
  const slices = spec.place === undefined ? splitInner(tile, spec, depth) : 1;
  const floats = batch * rows * columns;
  const work = 2 * floats * inner;
  if (slices === 1) return { kernels: [tiles(spec, tile, 1, write(output(0), elementOf(columns)), work)] };

  const parts = temporary(0, slices * floats);
  // Whole fours of a part may not reach into the next one.
  const element = elementOf(floats);
  const term = (slice: number) => `parts[${(slice * floats) / (element === "f32" ? 1 : 4)}u + at]`;
  const sumAt = (at: string) => `sumAt(${at})`;
  const join = mapElements({
    bindings: { parts: read(parts, element), y: write(output(0), "vec4f") },
    declarations: `fn sumAt(at: u32) -> ${element} { return ${range(slices).map(term).join(" + ")}; }`,
    body: `y[index] = ${
      element === "vec4f"
        ? sumAt("index")
        : `vec4f(${range(4)
            .map((i) => sumAt(`4u * index + ${i}u`))
            .join()})`
    };`,
    over: "y",
    floats,
  });
  return {
    kernels: [tiles(spec, tile, slices, write(parts, elementOf(columns)), work), join],
    temporaryFloats: slices * floats,
  };
}

const elementOf = (floats: number): "vec4f" | "f32" => (floats % 4 === 0 ? "vec4f" : "f32");

function tiles(spec: ProductSpec, tile: Tile, slices: number, result: Binding, work: number) {
  const { rows, columns, inner, batch, left, right } = spec;
  const { rowsPerInvocation, foursPerInvocation, height, width } = tile;
  const [tileRows, tileColumns] = [Math.ceil(rows / height), Math.ceil(columns / width)];
  const innerPerSlice = Math.ceil(inner / slices / depth) * depth;
  const tilesPerMatrix = tileRows * tileColumns;
  const place = spec.place ?? { start: `(batch * ${rows}u + row) * ${columns}u`, exists: "true" };

  return shader({
    bindings: { left: left.binding, right: right.binding, result },
    workgroups: slices * batch * tilesPerMatrix,
    work,
    declarations: `var<workgroup> leftTile: array<vec4f, ${(height * depth) / 4}>;
var<workgroup> rightTile: array<vec4f, ${(width * depth) / 4}>;
fn loadLeft(batch: u32, outer: u32, inner: u32) -> vec4f { ${left.load} }
fn loadRight(batch: u32, outer: u32, inner: u32) -> vec4f { ${right.load} }`,
    body: `let rowLane = local / 16u;
  let columnLane = local % 16u;
  let firstColumn = (group % ${tileColumns}u) * ${width}u;
  let firstRow = ((group / ${tileColumns}u) % ${tileRows}u) * ${height}u;
  let batch = (group / ${tilesPerMatrix}u) % ${batch}u;
  let slice = group / ${tilesPerMatrix * batch}u;
  var sums: array<vec4f, ${rowsPerInvocation * foursPerInvocation}>;
  let end = min(${inner}u, (slice + 1u) * ${innerPerSlice}u);
  for (var k = slice * ${innerPerSlice}u; k < end; k += ${depth}u) {
    ${left.along === "inner" ? fillStraight("left", height) : fillTransposed("left", height)}
    ${right.along === "outer" ? fillStraight("right", width) : fillTransposed("right", width)}
    workgroupBarrier();
    for (var four = 0u; four < ${depth / 4}u; four++) {
      for (var v = 0u; v < ${foursPerInvocation}u; v++) {
        let at = 4u * four * ${width / 4}u + columnLane + 16u * v;
        let block = mat4x4f(${range(4)
          .map((line) => `rightTile[at + ${(line * width) / 4}u]`)
          .join()});
        for (var r = 0u; r < ${rowsPerInvocation}u; r++) {
          sums[r * ${foursPerInvocation}u + v] += block * leftTile[(rowLane * ${rowsPerInvocation}u + r) * ${depth / 4}u + four];
        }
      }
    }
    workgroupBarrier();
  }
  for (var r = 0u; r < ${rowsPerInvocation}u; r++) {
    let row = firstRow + rowLane * ${rowsPerInvocation}u + r;
    if (row >= ${rows}u || !(${place.exists})) { continue; }
    let start = slice * ${batch * rows * columns}u + ${place.start};
    for (var v = 0u; v < ${foursPerInvocation}u; v++) {
      let column = firstColumn + 4u * columnLane + 64u * v;
      let four = sums[r * ${foursPerInvocation}u + v];
      ${storeFour(columns)}
    }
  }`,
  });
}

/** Both tiles hold fours: the left one along the sums, [row][k / 4], the right one along the columns, [k][column / 4]. */
function fillStraight(side: "left" | "right", extent: number): string {
  const fours = (extent * depth) / 4;
  const perLine = side === "left" ? depth / 4 : extent / 4;
  const [outer, inner] =
    side === "left"
      ? [`firstRow + unit / ${perLine}u`, `k + 4u * (unit % ${perLine}u)`]
      : [`firstColumn + 4u * (unit % ${perLine}u)`, `k + unit / ${perLine}u`];
  const load = side === "left" ? "loadLeft" : "loadRight";
  return `for (var unit = local; unit < ${fours}u; unit += 256u) { ${side}Tile[unit] = ${load}(batch, ${outer}, ${inner}); }`;
}

/** Blocks of four by four are read along the other axis and turned. */
function fillTransposed(side: "left" | "right", extent: number): string {
  const blocks = (extent * depth) / 16;
  const isLeft = side === "left";
  // Neighbours read what lies side by side: along the rows on the left, along the sums on the right.
  const [outerBlock, innerBlock] = isLeft
    ? [`(unit % ${extent / 4}u)`, `(unit / ${extent / 4}u)`]
    : [`(unit / ${depth / 4}u)`, `(unit % ${depth / 4}u)`];
  const at = isLeft
    ? `loadLeft(batch, firstRow + 4u * ${outerBlock}, k + 4u * ${innerBlock} + j)`
    : `loadRight(batch, firstColumn + 4u * ${outerBlock} + j, k + 4u * ${innerBlock})`;
  const place = isLeft
    ? `(4u * ${outerBlock} + j) * ${depth / 4}u + ${innerBlock}`
    : `(4u * ${innerBlock} + j) * ${extent / 4}u + ${outerBlock}`;
  return `for (var unit = local; unit < ${blocks}u; unit += 256u) {
      var block: mat4x4f;
      for (var j = 0u; j < 4u; j++) { block[j] = ${at}; }
      block = transpose(block);
      for (var j = 0u; j < 4u; j++) { ${side}Tile[${place}] = block[j]; }
    }`;
}

function storeFour(columns: number): string {
  if (columns % 4 === 0) return `if (column < ${columns}u) { result[(start + column) / 4u] = four; }`;
  return `for (var i = 0u; i < 4u && column + i < ${columns}u; i++) { result[start + column + i] = four[i]; }`;
}
