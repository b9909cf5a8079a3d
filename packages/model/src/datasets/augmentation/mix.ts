import type { Random } from "@residual/shared";
import { type Normalization, normalizeInto } from "../normalization.js";

/** How two images of a batch become each other's partners: blended (mixup), or each with a rectangle of the other (cutmix). */
export type Mix =
  | { readonly kind: "blend"; readonly share: number }
  | { readonly kind: "paste"; readonly share: number; readonly box: PixelBox };

/** Whole pixels; the last column and row are outside. */
interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Draws how a pair is mixed, and with it `share`, the weight of each image's own label. With both α above 0 either happens half of the
 * time; with both 0 nothing does.
 *
 * @param mixup α of the Beta distribution that the share is drawn from (Zhang et al. 2018)
 * @param cutmix α of the Beta distribution of the area that stays (Yun et al. 2019)
 */
export function drawMix(mixup: number, cutmix: number, size: number, random: Random): Mix | undefined {
  if (mixup === 0 && cutmix === 0) return undefined;
  const pastes = mixup === 0 || (cutmix > 0 && random.next() < 0.5);
  if (!pastes) return { kind: "blend", share: symmetricBeta(mixup, random) };
  const side = Math.sqrt(1 - symmetricBeta(cutmix, random)) * size;
  const [left, right] = interval(side, size, random);
  const [top, bottom] = interval(side, size, random);
  // The box may reach over the edge: what counts is what lies inside.
  const share = 1 - ((right - left) * (bottom - top)) / (size * size);
  return { kind: "paste", share, box: { left, top, right, bottom } };
}

/** Writes an image, mixed with its partner, normalised into a batch from `at` on. Both have size × size × 3 bytes. */
export function mixInto(
  batch: Float32Array,
  at: number,
  own: Uint8Array,
  partner: Uint8Array,
  size: number,
  mix: Mix | undefined,
  normalization: Normalization,
): void {
  if (mix?.kind === "blend") {
    const blended = new Float32Array(own.length);
    for (let i = 0; i < own.length; i++) blended[i] = own[i]! * mix.share + partner[i]! * (1 - mix.share);
    normalizeInto(batch, at, blended, normalization);
    return;
  }
  normalizeInto(batch, at, own, normalization);
  if (!mix) return;
  const { left, top, right, bottom } = mix.box;
  for (let y = top; y < bottom; y++) {
    const start = (y * size + left) * 3;
    const row = partner.subarray(start, (y * size + right) * 3);
    normalizeInto(batch, at + start, row, normalization);
  }
}

/** A piece of `length` around a point in 0 … size, cut to whole numbers inside. */
function interval(length: number, size: number, random: Random): [number, number] {
  const centre = random.next() * size;
  const cut = (value: number) => Math.min(size, Math.max(0, Math.round(value)));
  return [cut(centre - length / 2), cut(centre + length / 2)];
}

/** Beta(α, α) by Jöhnk's method: two powers of uniform numbers, drawn again until their sum is below 1. */
function symmetricBeta(alpha: number, random: Random): number {
  for (;;) {
    const x = random.next() ** (1 / alpha);
    const y = random.next() ** (1 / alpha);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}
