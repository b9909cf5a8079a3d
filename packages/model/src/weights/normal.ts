import type { Random } from "../datasets/random.js";

/** Standard normal numbers from uniform ones; Marsaglia's polar method gives two at a time. */
export class NormalStream {
  private spare: number | undefined;

  constructor(private readonly random: Random) {}

  next(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    for (;;) {
      const x = this.random.between(-1, 1);
      const y = this.random.between(-1, 1);
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }
}
