import type { Random } from "@residual/shared";
import { rotation, shear, transform, translation } from "./affine.js";
import { sharpen } from "./sharpness.js";
import { autocontrast, brighten, changeContrast, equalize, posterize, saturate, solarize } from "./tone.js";

/** `strength` runs from 0 to 1, `sign` is −1 or 1: to the left or to the right, less or more. */
type Change = (pixels: Uint8Array, size: number, strength: number, sign: 1 | -1) => void;

const enhancement = (strength: number, sign: number) => 1 + sign * 0.9 * strength;

/** In this order for ever: a seed picks by position. Nothing at all is one of the choices. */
const changes: readonly Change[] = [
  () => {},
  (pixels, size, strength, sign) => transform(pixels, size, rotation(sign * 30 * strength)),
  (pixels, size, strength, sign) => transform(pixels, size, shear(sign * 0.3 * strength, 0)),
  (pixels, size, strength, sign) => transform(pixels, size, shear(0, sign * 0.3 * strength)),
  (pixels, size, strength, sign) => transform(pixels, size, translation(sign * 0.45 * strength * size, 0)),
  (pixels, size, strength, sign) => transform(pixels, size, translation(0, sign * 0.45 * strength * size)),
  (pixels, _size, strength) => posterize(pixels, 8 - Math.round(4 * strength)),
  (pixels, _size, strength) => solarize(pixels, 256 * (1 - strength)),
  (pixels) => equalize(pixels),
  (pixels) => autocontrast(pixels),
  (pixels, size, strength, sign) => sharpen(pixels, size, enhancement(strength, sign)),
  (pixels, _size, strength, sign) => brighten(pixels, enhancement(strength, sign)),
  (pixels, _size, strength, sign) => changeContrast(pixels, enhancement(strength, sign)),
  (pixels, _size, strength, sign) => saturate(pixels, enhancement(strength, sign)),
];

/**
 * Applies `count` changes drawn at random, each at the same magnitude of 0 … 10 (Cubuk et al. 2019): rotation to 30°, shear to 0.3,
 * translation to 45 %, four to eight bits, solarisation, equalisation, autocontrast, and sharpness, brightness, contrast and saturation
 * by 1 ± 0.9. In place, on `size` × `size` pixels.
 */
export function randAugment(pixels: Uint8Array, size: number, count: number, magnitude: number, random: Random): void {
  for (let i = 0; i < count; i++) {
    const change = changes[random.integer(changes.length)]!;
    change(pixels, size, magnitude / 10, random.next() < 0.5 ? -1 : 1);
  }
}
