import sharp, { type Color } from "sharp";
import { describe, expect, it } from "vitest";
import { checkImage, decodeImage } from "./decode-image.js";

const red = { r: 255, g: 0, b: 0 };

function picture(background: Color, channels: 3 | 4 = 3) {
  return sharp({ create: { width: 20, height: 20, channels, background } });
}

async function firstPixel(bytes: Buffer): Promise<number[]> {
  const { width, height, data } = await decodeImage(bytes);
  expect([width, height]).toEqual([20, 20]);
  expect(data).toHaveLength(20 * 20 * 3);
  return [...data.subarray(0, 3)];
}

/** A 2 × 2 BMP, upper row red and green, lower row blue and white. */
function bmp(bits: 8 | 24 | 32): Buffer {
  const colours = [0xff0000, 0x00ff00, 0x0000ff, 0xffffff];
  const palette = bits === 8 ? colours.length * 4 : 0;
  const stride = bits === 32 ? 8 : bits === 24 ? 8 : 4;
  const file = Buffer.alloc(54 + palette + stride * 2);
  file.write("BM");
  file.writeUInt32LE(54 + palette, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(2, 18);
  file.writeInt32LE(2, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  if (bits === 8) file.writeUInt32LE(4, 46);
  for (const [i, colour] of colours.entries()) {
    if (bits === 8) file.writeUInt32LE(colour, 54 + i * 4);
    const at = 54 + palette + (i < 2 ? stride : 0) + (i & 1) * (bits / 8);
    if (bits === 8) file[at] = i;
    else file.writeUIntLE(colour, at, 3);
  }
  return file;
}

describe("decodeImage", () => {
  it("decodes the formats to the same red", async () => {
    for (const bytes of [
      await picture(red).png().toBuffer(),
      await picture(red).gif().toBuffer(),
      await picture(red).webp({ lossless: true }).toBuffer(),
    ]) {
      expect(await firstPixel(bytes)).toEqual([255, 0, 0]);
    }
    const [r, g, b] = await firstPixel(await picture(red).jpeg().toBuffer());
    expect(r).toBeGreaterThan(250);
    expect(g! + b!).toBeLessThan(8);
  });

  it("turns grey, sixteen-bit and CMYK images into three channels of sRGB", async () => {
    const grey = picture({ r: 128, g: 128, b: 128 });
    expect(await firstPixel(await grey.clone().toColourspace("b-w").png().toBuffer())).toEqual([128, 128, 128]);
    expect(await firstPixel(await grey.clone().toColourspace("grey16").png().toBuffer())).toEqual([128, 128, 128]);
    const cmyk = await picture(red).toColourspace("cmyk").jpeg().toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    const [r, g, b] = await firstPixel(cmyk);
    expect(r).toBeGreaterThan(200);
    expect(g! + b!).toBeLessThan(40);
  });

  it("lays transparent pixels on white", async () => {
    const clear = await picture({ r: 0, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer();
    expect(await firstPixel(clear)).toEqual([255, 255, 255]);
  });

  it("turns an image as its EXIF orientation says", async () => {
    const halves = Buffer.alloc(20 * 20 * 3);
    for (let i = 0; i < 20 * 20; i++) halves[i * 3] = i % 20 < 10 ? 255 : 0;
    const turned = await sharp(halves, { raw: { width: 20, height: 20, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { data: pixels } = await decodeImage(turned);
    // Orientation 6 is a quarter turn clockwise: the red left half comes to lie above.
    expect(pixels[(2 * 20 + 17) * 3]).toBeGreaterThan(200);
    expect(pixels[(17 * 20 + 2) * 3]).toBeLessThan(50);
  });

  it.each([8, 24, 32] as const)("decodes a BMP of %i bits, whose rows lie from the bottom up", async (bits) => {
    const { data } = await decodeImage(bmp(bits));
    expect([...data]).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
  });

  it("refuses a BMP that is cut off or states more pixels than allowed", async () => {
    const whole = bmp(24);
    await expect(decodeImage(whole.subarray(0, -3))).rejects.toThrow("cut off");
    whole.writeInt32LE(30_000, 18);
    whole.writeInt32LE(30_000, 22);
    await expect(decodeImage(whole)).rejects.toThrow("30000 × 30000 pixels are more than the limit");
  });

  it("goes by the content: an SVG called .png is refused", async () => {
    const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>");
    await expect(decodeImage(svg)).rejects.toThrow("not an image");
  });

  it.each(["gif", "webp"] as const)("takes the first frame of an animated %s", async (format) => {
    const frames = Buffer.concat([Buffer.alloc(20 * 20 * 3, 255), Buffer.alloc(20 * 20 * 3, 10)]);
    const raw = { width: 20, height: 40, channels: 3, pageHeight: 20 } as const;
    const bytes = await sharp(frames, { raw, animated: true })[format]({ lossless: true }).toBuffer();
    expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(2);
    expect(await firstPixel(bytes)).toEqual([255, 255, 255]);
  });

  it("decodes an image of one pixel", async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: red } })
      .png()
      .toBuffer();
    expect(await decodeImage(dot)).toMatchObject({ width: 1, height: 1, data: Buffer.from([255, 0, 0]) });
  });
});

describe("checkImage", () => {
  it("accepts what can be decoded, and notices an image that ends early", async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 200 * 200 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24));
    const raw = { width: 200, height: 200, channels: 3 } as const;
    for (const format of ["jpeg", "png", "webp"] as const) {
      const whole = await sharp(noise, { raw })[format]().toBuffer();
      await checkImage(whole);
      await expect(checkImage(whole.subarray(0, whole.length / 2))).rejects.toThrow("damaged");
    }
  });
});
