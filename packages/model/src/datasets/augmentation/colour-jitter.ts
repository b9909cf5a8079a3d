import { type Random, shuffle } from "@residual/shared";
import { brighten, changeContrast, saturate } from "./tone.js";

const changes = [brighten, changeContrast, saturate] as const;

/** Brightness, contrast and saturation by factors in 1 ± `strength`, one after the other in a random order. In place. */
export function jitterColours(pixels: Uint8Array, strength: number, random: Random): void {
  const order = shuffle([0, 1, 2], random.integer(2 ** 31));
  for (const index of order) changes[index]!(pixels, random.between(1 - strength, 1 + strength));
}
