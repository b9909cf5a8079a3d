import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** How a column is written, by what it holds; the first that fits. */
const Coding = { constant: 0, regular: 1, differences: 2, float32: 3, decimal: 4, float64: 5 } as const;

/** CRC-32 of all that follows, format, number of columns, number of rows; then a coding a column, then the body. */
const HEAD_BYTES = 10;
const FORMAT = 2;
const DEFLATED = 0x80;

/** A float64 more a column than its values take: the first value, or the scale. */
const EXTRA_BYTES = 24;
const MOST_DECIMALS = 6;

// Blocks are a few kB: a small window costs nothing in size, and zlib clears less memory a call.
const deflateOptions = { level: 1, windowBits: 12, memLevel: 6 } as const;

/** zlib else allocates 16 kB a call: garbage, for blocks of 1 or 2. */
const roomFor = (bytes: number) => ({ chunkSize: Math.max(64, bytes) });

/** A block whose bytes are not what was stored. The reader adds which one. */
export class DamagedBlockError extends Error {}

/**
 * Columns of one length, bit by bit (NaN payloads and minus zero too), as one block with a checksum. Whole numbers in an even stride take
 * 16 bytes a column, ascending ones an int32 difference each, values that float32 or a few decimals hold exactly 4 bytes, all else 8. Bytes of
 * equal weight then lie side by side, and deflate does as well as codecs made for time series: 2.9 bytes a value of float32 noise.
 * `deflate: false` is for blocks that are read by the thousand.
 */
export function encodeColumns(columns: readonly Float64Array[], { deflate = true } = {}): Buffer {
  const rows = columns[0]!.length;
  const room = columns.length * (rows * 8 + EXTRA_BYTES);
  if (scratch.length < room) scratch = Buffer.allocUnsafe(2 * room);
  const codings = Buffer.allocUnsafe(columns.length);
  let end = 0;
  for (const [i, column] of columns.entries()) {
    const written = writeColumn(column, end);
    codings[i] = written.coding;
    end = written.end;
  }
  const raw = scratch.subarray(0, end);
  const packed = deflate ? deflateRawSync(raw, { ...deflateOptions, ...roomFor(raw.length) }) : raw;
  const body = packed.length < raw.length ? packed : raw;
  const block = Buffer.allocUnsafe(HEAD_BYTES + codings.length + body.length);
  block[4] = FORMAT | (body === raw ? 0 : DEFLATED);
  block[5] = columns.length;
  block.writeUInt32LE(rows, 6);
  block.set(codings, HEAD_BYTES);
  block.set(body, HEAD_BYTES + codings.length);
  block.writeUInt32LE(crc32(block.subarray(4)), 0);
  return block;
}

/**
 * Inverse of encodeColumns: its columns, or those at the ascending positions `wanted`, in one piece of memory. Throws DamagedBlockError where the
 * checksum does not match or the block holds another number of columns.
 */
export function decodeColumns(block: Buffer, columnCount: number, wanted?: readonly number[]): Float64Array[] {
  if (block.length < HEAD_BYTES || block.readUInt32LE(0) !== crc32(block.subarray(4)))
    throw new DamagedBlockError("its checksum does not match");
  if ((block[4]! & ~DEFLATED) !== FORMAT || block[5] !== columnCount)
    throw new DamagedBlockError(`it has format ${block[4]} and ${block[5]} columns instead of ${columnCount}`);
  const rows = block.readUInt32LE(6);
  const bodyAt = HEAD_BYTES + columnCount;
  const stored = block.subarray(bodyAt);
  const most = columnCount * (rows * 8 + EXTRA_BYTES);
  const body = block[4]! & DEFLATED ? inflateRawSync(stored, { maxOutputLength: most, ...roomFor(most) }) : stored;
  const memory = new Float64Array(rows * (wanted?.length ?? columnCount));
  const columns: Float64Array[] = [];
  for (let i = 0, at = 0; i < columnCount; i++) {
    const coding = block[HEAD_BYTES + i]!;
    if (!wanted || wanted[columns.length] === i) {
      const column = memory.subarray(rows * columns.length, rows * (columns.length + 1));
      readColumn(body, at, coding, column);
      columns.push(column);
    }
    at += bytesOf(coding, rows);
  }
  return columns;
}

function bytesOf(coding: number, rows: number): number {
  switch (coding) {
    case Coding.constant:
      return 8;
    case Coding.regular:
      return 16;
    case Coding.differences:
      return 8 + 4 * (rows - 1);
    case Coding.float32:
      return 4 * rows;
    case Coding.decimal:
      return 16 + 4 * rows;
    case Coding.float64:
      return 8 * rows;
    default:
      throw new DamagedBlockError(`it has a column of coding ${coding}, which this version does not know`);
  }
}

let scratch = Buffer.alloc(0);

/** Writes to `scratch` from `at` on. */
function writeColumn(column: Float64Array, at: number): { coding: number; end: number } {
  if (isConstant(column)) {
    // As bytes: a number might lose the payload of a NaN.
    scratch.set(new Uint8Array(column.buffer, column.byteOffset, Math.min(8, column.byteLength)), at);
    return { coding: Coding.constant, end: at + 8 };
  }
  const whole = wholeNumbers(column);
  if (whole === "regular")
    return { coding: Coding.regular, end: writeNumbers(at, column[0]!, column[1]! - column[0]!) };
  if (whole === "ascending") return { coding: Coding.differences, end: writeDifferences(column, at) };
  if (isFloat32(column))
    return { coding: Coding.float32, end: spread(new Uint32Array(Float32Array.from(column).buffer), at) };
  if (whole === "near") return { coding: Coding.differences, end: writeDifferences(column, at) };
  const decimals = decimalsOf(column);
  if (decimals !== null) return { coding: Coding.decimal, end: writeDecimals(column, decimals, at) };
  return { coding: Coding.float64, end: spreadWide(column, at) };
}

/** Fills `column`, which is all zeros, from `body`. */
function readColumn(body: Buffer, at: number, coding: number, column: Float64Array): void {
  const rows = column.length;
  switch (coding) {
    case Coding.constant: {
      const value = body.subarray(at, at + 8);
      if (value.some((byte) => byte !== 0))
        new Uint8Array(column.buffer, column.byteOffset, column.byteLength).set(repeated(value, rows));
      return;
    }
    case Coding.regular: {
      const first = body.readDoubleLE(at);
      const stride = body.readDoubleLE(at + 8);
      for (let i = 0; i < rows; i++) column[i] = first + i * stride;
      return;
    }
    case Coding.differences: {
      gather(body, at + 8, rows - 1);
      const { differences } = gathered;
      column[0] = body.readDoubleLE(at);
      for (let i = 1; i < rows; i++) column[i] = column[i - 1]! + differences[i - 1]!;
      return;
    }
    case Coding.float32: {
      gather(body, at, rows);
      const { floats } = gathered;
      for (let i = 0; i < rows; i++) column[i] = floats[i]!;
      return;
    }
    case Coding.decimal: {
      const scale = 10 ** body.readDoubleLE(at);
      const least = body.readDoubleLE(at + 8);
      gather(body, at + 16, rows);
      const { words } = gathered;
      for (let i = 0; i < rows; i++) column[i] = (least + words[i]!) / scale;
      return;
    }
    case Coding.float64:
      gatherWide(body, at, column);
  }
}

const bitsOf = (column: Float64Array): Uint32Array =>
  new Uint32Array(column.buffer, column.byteOffset, 2 * column.length);

function isConstant(column: Float64Array): boolean {
  const bits = bitsOf(column);
  for (let i = 2; i < bits.length; i += 2) if (bits[i] !== bits[0] || bits[i + 1] !== bits[1]) return false;
  return true;
}

/** regular: one stride throughout. ascending, near: neighbours are less than 2^31 apart, in order or not. null: not all whole, or far apart. */
function wholeNumbers(column: Float64Array): "regular" | "ascending" | "near" | null {
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

function isFloat32(column: Float64Array): boolean {
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
function decimalsOf(column: Float64Array): number | null {
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

function writeNumbers(at: number, ...values: number[]): number {
  for (const [i, value] of values.entries()) scratch.writeDoubleLE(value, at + 8 * i);
  return at + 8 * values.length;
}

function writeDifferences(column: Float64Array, at: number): number {
  const differences = new Uint32Array(column.length - 1);
  for (let i = 1; i < column.length; i++) differences[i - 1] = column[i]! - column[i - 1]!;
  return spread(differences, writeNumbers(at, column[0]!));
}

function writeDecimals(column: Float64Array, decimals: number, at: number): number {
  const scaled = column.map((value) => Math.round(value * 10 ** decimals));
  const least = scaled.reduce((a, b) => Math.min(a, b));
  return spread(
    Uint32Array.from(scaled, (value) => value - least),
    writeNumbers(at, decimals, least),
  );
}

/** Four planes, bytes of equal weight side by side. */
function spread(values: Uint32Array, at: number): number {
  const n = values.length;
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    scratch[at + i] = value;
    scratch[at + n + i] = value >>> 8;
    scratch[at + 2 * n + i] = value >>> 16;
    scratch[at + 3 * n + i] = value >>> 24;
  }
  return at + 4 * n;
}

/** What `gather` read last, as the kinds of numbers that it may be: charts of thousands of series read a few dozen columns a series. */
let gathered = roomForWords(1_024);

function roomForWords(n: number) {
  const memory = new ArrayBuffer(4 * n);
  return { words: new Uint32Array(memory), differences: new Int32Array(memory), floats: new Float32Array(memory) };
}

/** Reads four planes into `gathered`. */
function gather(body: Buffer, at: number, n: number): void {
  if (at + 4 * n > body.length) throw new DamagedBlockError("it is too short");
  if (gathered.words.length < n) gathered = roomForWords(2 * n);
  const { words } = gathered;
  for (let i = 0; i < n; i++)
    words[i] = body[at + i]! | (body[at + n + i]! << 8) | (body[at + 2 * n + i]! << 16) | (body[at + 3 * n + i]! << 24);
}

function spreadWide(column: Float64Array, at: number): number {
  const bits = bitsOf(column);
  const low = Uint32Array.from({ length: column.length }, (_, i) => bits[2 * i]!);
  const high = Uint32Array.from({ length: column.length }, (_, i) => bits[2 * i + 1]!);
  return spread(high, spread(low, at));
}

function gatherWide(body: Buffer, at: number, column: Float64Array): void {
  const bits = bitsOf(column);
  for (const half of [0, 1]) {
    gather(body, at + 4 * column.length * half, column.length);
    const { words } = gathered;
    for (let i = 0; i < column.length; i++) bits[2 * i + half] = words[i]!;
  }
}

function repeated(bytes: Buffer, times: number): Buffer {
  return times === 0 ? bytes.subarray(0, 0) : Buffer.alloc(8 * times, bytes);
}
