import type { Random } from "@residual/shared";
import { GREY } from "./grey.js";

/** Greys out a rectangle of 2 to 33 % of the image's area, between 0.3 and 3.3 times as wide as high (Zhong et al. 2017). In place. */
export function eraseRectangle(pixels: Uint8Array, size: number, random: Random): void {
  const area = random.between(0.02, 0.33) * size * size;
  const ratio = Math.exp(random.between(Math.log(0.3), Math.log(1 / 0.3)));
  const width = Math.min(size, Math.round(Math.sqrt(area * ratio)));
  const height = Math.min(size, Math.round(Math.sqrt(area / ratio)));
  const left = random.integer(size - width + 1);
  const top = random.integer(size - height + 1);
  for (let y = top; y < top + height; y++) pixels.fill(GREY, (y * size + left) * 3, (y * size + left + width) * 3);
}
