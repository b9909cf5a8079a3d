/**
 * The content of the first field with this number and a length (text, bytes, message) in a Protocol Buffers message; undefined where
 * there is none or the message is cut off.
 */
export function lengthField(message: Uint8Array, wanted: number): Uint8Array | undefined {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; at < message.length; factor *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    const wire = tag % 8;
    if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      const value = varint();
      if (wire !== 2) continue;
      if (at + value > message.length) return undefined;
      if (Math.floor(tag / 8) === wanted) return message.subarray(at, at + value);
      at += value;
    }
  }
  return undefined;
}
