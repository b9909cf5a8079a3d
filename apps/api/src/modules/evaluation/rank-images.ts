/**
 * Numbers of the images that `isWanted`, those with the highest value first; where values are equal or unknown, in the split's order.
 */
export function rankImages(
  images: number,
  isWanted: (image: number) => boolean,
  value: ArrayLike<number> | null,
): Uint32Array {
  const wanted: number[] = [];
  for (let image = 0; image < images; image++) if (isWanted(image)) wanted.push(image);
  if (value) wanted.sort((a, b) => value[b]! - value[a]! || a - b);
  return Uint32Array.from(wanted);
}
