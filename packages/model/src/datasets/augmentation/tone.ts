/**
 * Changes of colour, in place, on red, green, blue bytes. All but `saturate` map each channel's values by a table of 256 entries. Results
 * are cut to whole levels as Pillow does.
 */

/** 0 is black, 1 the image itself, more is brighter. */
export function brighten(pixels: Uint8Array, factor: number): void {
  mapValues(pixels, (value) => value * factor);
}

/** 0 is the grey of the image's mean luma, 1 the image itself. */
export function changeContrast(pixels: Uint8Array, factor: number): void {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) sum += luma(pixels, i);
  const mean = Math.floor(sum / (pixels.length / 3) + 0.5);
  mapValues(pixels, (value) => mean + (value - mean) * factor);
}

/** 0 is grey, 1 the image itself. */
export function saturate(pixels: Uint8Array, factor: number): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels, i);
    pixels[i] = toByte(grey + (pixels[i]! - grey) * factor);
    pixels[i + 1] = toByte(grey + (pixels[i + 1]! - grey) * factor);
    pixels[i + 2] = toByte(grey + (pixels[i + 2]! - grey) * factor);
  }
}

/** Keeps the upper `bits` of each byte. */
export function posterize(pixels: Uint8Array, bits: number): void {
  const mask = 0xff & ~(2 ** (8 - bits) - 1);
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i]! & mask;
}

/** Inverts what is at `threshold` or above. */
export function solarize(pixels: Uint8Array, threshold: number): void {
  mapValues(pixels, (value) => (value < threshold ? value : 255 - value));
}

/** Stretches each channel so that its darkest value becomes 0 and its lightest 255. */
export function autocontrast(pixels: Uint8Array): void {
  for (let channel = 0; channel < 3; channel++) {
    const counts = histogram(pixels, channel);
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) continue;
    const scale = 255 / (high - low);
    mapChannel(pixels, channel, (value) => value * scale - low * scale);
  }
}

/** Gives each channel values that are spread evenly. */
export function equalize(pixels: Uint8Array): void {
  for (let channel = 0; channel < 3; channel++) {
    const counts = histogram(pixels, channel);
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((pixels.length / 3 - last) / 255);
    if (step === 0) continue;
    let below = Math.floor(step / 2);
    const table = Float64Array.from(counts, (count) => {
      const level = Math.floor(below / step);
      below += count;
      return level;
    });
    mapChannel(pixels, channel, (value) => table[value]!);
  }
}

function histogram(pixels: Uint8Array, channel: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = channel; i < pixels.length; i += 3) counts[pixels[i]!]!++;
  return counts;
}

function mapValues(pixels: Uint8Array, change: (value: number) => number): void {
  const table = tableOf(change);
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i]!]!;
}

function mapChannel(pixels: Uint8Array, channel: number, change: (value: number) => number): void {
  const table = tableOf(change);
  for (let i = channel; i < pixels.length; i += 3) pixels[i] = table[pixels[i]!]!;
}

function tableOf(change: (value: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => toByte(change(value)));
}

/** ITU-R BT.601 in fixed point, as Pillow converts to grey. */
function luma(pixels: Uint8Array, at: number): number {
  return (pixels[at]! * 19595 + pixels[at + 1]! * 38470 + pixels[at + 2]! * 7471 + 0x8000) >> 16;
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}
