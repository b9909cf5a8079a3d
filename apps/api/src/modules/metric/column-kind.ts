const MOST_DECIMALS = 6;

/** Two words a number, the low one first. */
export const bitsOf = (column: Float64Array): Uint32Array =>
  new Uint32Array(column.buffer, column.byteOffset, 2 * column.length);

export function isConstant(column: Float64Array): boolean {
  const bits = bitsOf(column);
  for (let i = 2; i < bits.length; i += 2) if (bits[i] !== bits[0] || bits[i + 1] !== bits[1]) return false;
  return true;
}

/** regular: one stride throughout. ascending, near: neighbours are less than 2^31 apart, in order or not. null: not all whole, or far apart. */
export function wholeNumbers(column: Float64Array): "regular" | "ascending" | "near" | null {
  const first = column[0]!;
  const stride = column[1]! - first;
  let regular = true;
  let ascending = true;
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return null;
    // Differences and sums of safe integers within int32 of each other are exact.
    const difference = i === 0 ? 0 : value - column[i - 1]!;
    if (difference !== (difference | 0)) return null;
    regular &&= value === first + i * stride;
    ascending &&= difference >= 0;
  }
  return regular ? "regular" : ascending ? "ascending" : "near";
}

const QUIET_NAN_HIGH = 0x7ff80000;

export function isFloat32(column: Float64Array): boolean {
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (Math.fround(value) === value) continue;
    if (!Number.isNaN(value)) return false;
    // A NaN with a payload keeps it only in full width.
    const bits = bitsOf(column);
    if (bits[2 * i + 1] !== QUIET_NAN_HIGH || bits[2 * i] !== 0) return false;
  }
  return true;
}

/** The least number of decimals with which every value is a decimal fraction, their span fitting 32 bits; null where there is none. */
export function decimalsOf(column: Float64Array): number | null {
  for (let decimals = 1; decimals <= MOST_DECIMALS; decimals++) {
    const scale = 10 ** decimals;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    let fits = true;
    for (let i = 0; fits && i < column.length; i++) {
      const scaled = Math.round(column[i]! * scale);
      fits = scaled / scale === column[i]! && !Object.is(column[i], -0) && Number.isSafeInteger(scaled);
      least = Math.min(least, scaled);
      most = Math.max(most, scaled);
    }
    if (fits) return most - least < 2 ** 32 ? decimals : null;
  }
  return null;
}
