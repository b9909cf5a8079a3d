import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { augmentationPreview } from "./augmentation-preview.js";

describe("augmentationPreview", () => {
  const data = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 37) & 255);
  const image = { width: 60, height: 40, data };

  it("shows evaluation's crop and then as many variations as asked for, the same for the same seed", async () => {
    const png = await augmentationPreview(image, "HEAVY", 5, 4, { imageSize: 32 });
    const { data: pixels, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    // Five pictures: three columns, two rows, four pixels apart.
    expect([info.width, info.height, info.channels]).toEqual([3 * 36 - 4, 2 * 36 - 4, 3]);
    const corner = (column: number, row: number) => {
      const at = (row * 36 * info.width + column * 36) * 3;
      return pixels.subarray(at, at + 32 * 3).toString("hex");
    };
    const [evaluation, ...variations] = [corner(0, 0), corner(1, 0), corner(2, 0), corner(0, 1), corner(1, 1)];
    expect(new Set([evaluation, ...variations]).size).toBe(5);
    expect(corner(2, 1)).toBe("ff".repeat(32 * 3));
    expect(await augmentationPreview(image, "HEAVY", 5, 4, { imageSize: 32 })).toEqual(png);
  });
});
