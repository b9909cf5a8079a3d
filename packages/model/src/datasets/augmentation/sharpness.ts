/**
 * 0 blurs by a 3 × 3 filter (centre 5, neighbours 1), 1 is the image itself, more sharpens. The outermost pixels stay. In place, on
 * `size` × `size` pixels of red, green, blue bytes.
 */
export function sharpen(pixels: Uint8Array, size: number, factor: number): void {
  const source = pixels.slice();
  const row = size * 3;
  for (let y = 1; y < size - 1; y++) {
    const end = (y + 1) * row - 3;
    for (let i = y * row + 3; i < end; i++) {
      const above = source[i - row - 3]! + source[i - row]! + source[i - row + 3]!;
      const beside = source[i - 3]! + source[i]! * 5 + source[i + 3]!;
      const below = source[i + row - 3]! + source[i + row]! + source[i + row + 3]!;
      const blurred = Math.floor((above + beside + below) / 13 + 0.5);
      const value = blurred + (source[i]! - blurred) * factor;
      pixels[i] = value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
    }
  }
}
