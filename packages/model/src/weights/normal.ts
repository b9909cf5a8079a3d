import type { Random } from "@residual/shared";

/** Layers of equal area that cover the density of the standard normal; 128 and these constants are the authors'. */
const layers = 128;
const tailStart = 3.442619855899;
const layerArea = 9.91256303526217e-3;

/** Right edges of the layers from the widest, and how far each is covered by the next. */
const edges = new Float64Array(layers + 1);
const covered = new Float64Array(layers);
fillTables();

function fillTables(): void {
  const density = (x: number) => Math.exp(-0.5 * x * x);
  edges[0] = layerArea / density(tailStart);
  edges[1] = tailStart;
  for (let i = 2; i < layers; i++) {
    edges[i] = Math.sqrt(-2 * Math.log(layerArea / edges[i - 1]! + density(edges[i - 1]!)));
  }
  for (let i = 0; i < layers; i++) covered[i] = edges[i + 1]! / edges[i]!;
}

/**
 * Standard normal numbers by the ziggurat method (Marsaglia and Tsang 2000, in Doornik's form): one uniform number for almost every
 * normal one, which matters for the 300 million weights of a ViT-L.
 */
export class NormalStream {
  constructor(private readonly random: Random) {}

  next(): number {
    const { random } = this;
    for (;;) {
      const word = random.next() * layers;
      const layer = Math.floor(word);
      const u = 2 * (word - layer) - 1;
      if (Math.abs(u) < covered[layer]!) return u * edges[layer]!;
      if (layer === 0) return u < 0 ? -this.tail() : this.tail();
      const x = u * edges[layer]!;
      const above = Math.exp(-0.5 * (edges[layer]! ** 2 - x * x));
      const below = Math.exp(-0.5 * (edges[layer + 1]! ** 2 - x * x));
      if (below + random.next() * (above - below) < 1) return x;
    }
  }

  /** Beyond the widest layer, by Marsaglia's exact method. */
  private tail(): number {
    for (;;) {
      const x = Math.log(1 - this.random.next()) / tailStart;
      const y = Math.log(1 - this.random.next());
      if (-2 * y >= x * x) return tailStart - x;
    }
  }
}
