/**
 * How a library resamples a grid of position embeddings; all three are cubic and separable. `timm`: antialiased, a = −0.5, weights
 * renormalised at the border. `huggingface`: a = −0.75, indices clamped at the border. `torchvision`: the same, with the corners
 * of both grids on each other.
 */
export type GridResampling = "timm" | "huggingface" | "torchvision";

/**
 * Fits a ViT's position embedding to another number of patches: [1, 1 + from², width] -> [1, 1 + to², width]. The class token's row
 * stays as it is.
 */
export function resizePositionEmbedding(
  embedding: Float32Array,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
  resampling: GridResampling,
): Float32Array {
  const taps = Array.from({ length: to }, (_, index) => tapsOf[resampling](index, from, to));
  const rows = new Float64Array(to * from * width);
  for (const [y, { first, weights }] of taps.entries()) {
    for (const [k, weight] of weights.entries()) {
      const source = width * (1 + clamp(first + k, from) * from);
      for (let i = 0; i < from * width; i++) rows[y * from * width + i]! += weight * embedding[source + i]!;
    }
  }
  const result = new Float32Array(width * (1 + to * to));
  result.set(embedding.subarray(0, width));
  const sum = new Float64Array(width);
  for (let y = 0; y < to; y++) {
    for (const [x, { first, weights }] of taps.entries()) {
      sum.fill(0);
      for (const [k, weight] of weights.entries()) {
        const source = width * (y * from + clamp(first + k, from));
        for (let d = 0; d < width; d++) sum[d]! += weight * rows[source + d]!;
      }
      result.set(sum, width * (1 + y * to + x));
    }
  }
  return result;
}

/** The source cells that one target cell is made of, from `first` on, along one axis. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

const tapsOf: Record<GridResampling, (index: number, from: number, to: number) => Taps> = {
  timm: (index, from, to) => {
    const scale = from / to;
    const stretch = Math.max(scale, 1);
    const centre = (index + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - 2 * stretch + 0.5));
    const end = Math.min(from, Math.floor(centre + 2 * stretch + 0.5));
    const weights = Array.from({ length: end - first }, (_, k) => cubic((first + k + 0.5 - centre) / stretch, -0.5));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  },
  huggingface: (index, from, to) => fourTaps(((index + 0.5) * from) / to - 0.5),
  torchvision: (index, from, to) => fourTaps(to === 1 ? 0 : (index * (from - 1)) / (to - 1)),
};

function fourTaps(position: number): Taps {
  const first = Math.floor(position) - 1;
  return { first, weights: [0, 1, 2, 3].map((k) => cubic(first + k - position, -0.75)) };
}

/** Keys' cubic convolution kernel. https://doi.org/10.1109/TASSP.1981.1163711 */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function clamp(index: number, extent: number): number {
  return Math.min(Math.max(index, 0), extent - 1);
}
