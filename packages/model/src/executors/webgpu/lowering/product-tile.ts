/** What a workgroup of 16 × 16 invocations computes of a product. */
export interface Tile {
  readonly rowsPerInvocation: number;
  /** Fours of columns of an invocation. */
  readonly foursPerInvocation: number;
  readonly height: number;
  readonly width: number;
}

/** Workgroups below which a large GPU idles. */
const wantedWorkgroups = 128;

function tileOf(rowsPerInvocation: number, foursPerInvocation: number): Tile {
  return { rowsPerInvocation, foursPerInvocation, height: 16 * rowsPerInvocation, width: 64 * foursPerInvocation };
}

const tileCount = (rows: number, columns: number, batch: number, { height, width }: Tile): number =>
  batch * Math.ceil(rows / height) * Math.ceil(columns / width);

/** The largest tile of which there are enough: it reads the factors least often. */
export function chooseTile(rows: number, columns: number, batch: number): Tile {
  const candidates = columns > 64 ? [tileOf(8, 2), tileOf(8, 1)] : [tileOf(8, 1)];
  return candidates.find((tile) => tileCount(rows, columns, batch, tile) >= wantedWorkgroups) ?? tileOf(4, 1);
}

/** Into how many parts the sums of a product are cut, so that enough workgroups take part. */
export function splitInner(
  tile: Tile,
  { rows, columns, inner, batch }: Readonly<Record<"rows" | "columns" | "inner" | "batch", number>>,
  depth: number,
): number {
  const tiles = tileCount(rows, columns, batch, tile);
  const wanted = Math.min(Math.floor(wantedWorkgroups / tiles), Math.floor(inner / 256));
  if (wanted <= 1) return 1;
  const blocksPerSlice = Math.ceil(inner / wanted / depth);
  return Math.ceil(inner / (blocksPerSlice * depth));
}
