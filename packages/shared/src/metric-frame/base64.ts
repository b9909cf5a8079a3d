const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const INVALID = 255;
const sextets = new Uint8Array(256).fill(INVALID);
alphabet.forEach((code, value) => {
  sextets[code] = value;
});
const PAD = 61; // "="

/** Base64 (RFC 4648 §4, padded) of bytes. Written out because neither Buffer nor Uint8Array.toBase64 exists on every side. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let out = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const triple = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text[out++] = alphabet[triple >>> 18]!;
    text[out++] = alphabet[(triple >>> 12) & 63]!;
    text[out++] = i + 1 < bytes.length ? alphabet[(triple >>> 6) & 63]! : PAD;
    text[out++] = i + 2 < bytes.length ? alphabet[triple & 63]! : PAD;
  }
  return new TextDecoder().decode(text);
}

/** Bytes of base64 text; throws RangeError for anything that is not padded base64 (white space included). */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0)
    throw new RangeError(`Base64 text has a length that is a multiple of 4; this has ${text.length} characters.`);
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let i = 0; i < digits; i += 4) {
    let quad = 0;
    for (let j = i; j < i + 4; j++) {
      const sextet = j < digits ? sextets[text.charCodeAt(j)] : 0;
      if (sextet === undefined || sextet === INVALID)
        throw new RangeError(`Character ${j} of the base64 text is not of its alphabet.`);
      quad = (quad << 6) | sextet;
    }
    bytes[out++] = quad >>> 16;
    if (out < bytes.length) bytes[out++] = (quad >>> 8) & 0xff;
    if (out < bytes.length) bytes[out++] = quad & 0xff;
  }
  return bytes;
}
