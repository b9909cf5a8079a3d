/** Pixels as red, green, blue, alpha bytes, rows from the top. */
export interface RawPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Width and height as a BMP's header states them. */
export function bmpSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 54) throw new Error("the BMP header is cut off");
  if (view.getUint32(14, true) < 40) throw new Error("BMP files of OS/2 are not supported");
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/**
 * Decodes an uncompressed Windows bitmap of 1, 4, 8, 16, 24 or 32 bits a pixel, with a palette or bit masks
 * (BITMAPINFOHEADER and its successors). Throws an Error with the reason; never allocates more than the pixels that the file really holds need.
 */
export function decodeBmp(bytes: Uint8Array): RawPixels {
  const { width, height } = bmpSize(bytes);
  if (width <= 0 || height <= 0) throw new Error(`a BMP of ${width} × ${height} pixels`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const start = view.getUint32(10, true);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`a BMP of ${bits} bits a pixel`);
  if (compression !== 0 && compression !== 3 && compression !== 6)
    throw new Error("compressed BMP files are not supported");
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.byteLength) throw new Error("the BMP file is cut off");

  const topDown = view.getInt32(22, true) < 0;
  const readPixel = bits <= 8 ? indexedReader(bytes, view, bits) : directReader(bytes, view, bits, compression);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = start + stride * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) readPixel(row, x, data, (y * width + x) * 4);
  }
  return { width, height, data };
}

type PixelReader = (row: number, x: number, target: Uint8Array, at: number) => void;

function indexedReader(bytes: Uint8Array, view: DataView, bits: number): PixelReader {
  const palette = 14 + view.getUint32(14, true);
  const colours = view.getUint32(46, true) || 2 ** bits;
  const mask = 2 ** bits - 1;
  return (row, x, target, at) => {
    const byte = bytes[row + ((x * bits) >> 3)]!;
    const index = (byte >> (8 - bits - ((x * bits) & 7))) & mask;
    if (index >= colours) throw new Error("a pixel of the BMP is outside its palette");
    for (let channel = 0; channel < 3; channel++) target[at + channel] = bytes[palette + index * 4 + 2 - channel] ?? 0;
    target[at + 3] = 255;
  };
}

function directReader(bytes: Uint8Array, view: DataView, bits: number, compression: number): PixelReader {
  if (bits === 24) {
    return (row, x, target, at) => {
      for (let channel = 0; channel < 3; channel++) target[at + channel] = bytes[row + x * 3 + 2 - channel]!;
      target[at + 3] = 255;
    };
  }
  const masks = compression === 0 ? defaultMasks(bits) : statedMasks(view);
  const channels = masks.map((mask) => ({ mask, shift: mask ? 31 - Math.clz32(mask & -mask) : 0, top: 0 }));
  for (const channel of channels) channel.top = channel.mask >>> channel.shift;
  return (row, x, target, at) => {
    const pixel = bits === 16 ? view.getUint16(row + x * 2, true) : view.getUint32(row + x * 4, true);
    for (const [index, { mask, shift, top }] of channels.entries()) {
      target[at + index] = top === 0 ? (index === 3 ? 255 : 0) : Math.round((((pixel & mask) >>> shift) * 255) / top);
    }
  };
}

/** Red, green, blue, alpha. Without stated masks the fourth byte of a pixel is unused. */
function defaultMasks(bits: number): number[] {
  return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
}

function statedMasks(view: DataView): number[] {
  if (view.byteLength < 70) throw new Error("the BMP header is cut off");
  const hasAlpha = view.getUint32(14, true) >= 56 || view.getUint32(30, true) === 6;
  return [54, 58, 62].map((at) => view.getUint32(at, true)).concat(hasAlpha ? view.getUint32(66, true) : 0);
}
