import type { Random } from "@residual/shared";
import type { Box } from "../resample.js";

const ATTEMPTS = 10;

/**
 * The crop of "Going deeper with convolutions" (Szegedy et al. 2015): an area of `smallest` to all of the image, an aspect ratio of 3:4
 * to 4:3, anywhere inside. Where no attempt fits, the largest part around the centre whose ratio is allowed.
 */
export function randomCrop(width: number, height: number, smallest: number, random: Random): Box {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = random.between(smallest, 1) * width * height;
    const ratio = Math.exp(random.between(Math.log(3 / 4), Math.log(4 / 3)));
    const cropWidth = Math.round(Math.sqrt(area * ratio));
    const cropHeight = Math.round(Math.sqrt(area / ratio));
    if (cropWidth < 1 || cropHeight < 1 || cropWidth > width || cropHeight > height) continue;
    const left = random.integer(Math.floor(width - cropWidth) + 1);
    const top = random.integer(Math.floor(height - cropHeight) + 1);
    return { left, top, width: cropWidth, height: cropHeight };
  }
  const cropWidth = Math.min(width, (height * 4) / 3);
  const cropHeight = Math.min(height, (width * 4) / 3);
  return { left: (width - cropWidth) / 2, top: (height - cropHeight) / 2, width: cropWidth, height: cropHeight };
}
