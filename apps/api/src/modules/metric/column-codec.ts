import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import {
  areChangesShorter,
  changesOf,
  gather,
  gathered,
  noisyPlanes,
  PlaneWriter,
  type Section,
  sumChanges,
} from "./byte-planes.js";
import { bitsOf, decimalsOf, isConstant, isFloat32, wholeNumbers } from "./column-kind.js";
import { DamagedBlockError } from "./damaged-block-error.js";
import { takeFloats } from "./float-pool.js";

/** How a column is written, by what it holds; the first that fits, the two last only where they are shorter. */
const Coding = {
  constant: 0,
  regular: 1,
  differences: 2,
  float32: 3,
  decimal: 4,
  float64: 5,
  float32Changes: 6,
  decimalChanges: 7,
} as const;

/** CRC-32 of all that follows, format, number of columns, number of rows; then a byte a column, its noisy planes, its other bytes. */
const HEAD_BYTES = 10;
/** Of the format before nothing is plain: it is read as it is. */
const FORMAT = 3;
const FORMAT_BEFORE = 2;
const DEFLATED = 0x80;
/** Of a column's byte: its coding, and above it how many of its planes are plain. */
const CODING = 0x0f;
const NOISY_SHIFT = 4;

/** A float64 more a column than its values take: the first value, or the scale. */
const EXTRA_BYTES = 24;

// Blocks are a few kB: a small window costs nothing in size, and zlib clears less memory a call.
const deflateOptions = { level: 1, windowBits: 12, memLevel: 6 } as const;

/** zlib else allocates 16 kB a call: garbage, for blocks of 1 or 2. */
const roomFor = (bytes: number) => ({ chunkSize: Math.max(64, bytes) });

const writer = new PlaneWriter();

/**
 * Columns of one length, bit by bit (NaN payloads and minus zero too), as one block with a checksum. Whole numbers in an even stride take
 * 16 bytes a column, ascending ones an int32 difference each, values that float32 or a few decimals hold exactly 4 bytes, all else 8. Bytes of
 * equal weight then lie side by side; those that are noise stay as they are, the rest is deflated, and that does better than codecs made for time
 * series: 2.8 bytes a value of float32 noise, 1.8 of a learning rate. `deflate: false` is for blocks that are read by the thousand.
 */
export function encodeColumns(columns: readonly Float64Array[], { deflate = true } = {}): Buffer {
  const rows = columns[0]!.length;
  writer.begin(columns.length * (rows * 8 + EXTRA_BYTES));
  const codings = Buffer.allocUnsafe(columns.length);
  for (const [i, column] of columns.entries()) codings[i] = writeColumn(column, deflate);
  const plain = writer.plain.subarray(0, writer.plainEnd);
  const raw = writer.packed.subarray(0, writer.packedEnd);
  const packed = deflate ? deflateRawSync(raw, { ...deflateOptions, ...roomFor(raw.length) }) : raw;
  const body = packed.length < raw.length ? packed : raw;
  const plainAt = HEAD_BYTES + codings.length;
  const block = Buffer.allocUnsafe(plainAt + plain.length + body.length);
  block[4] = FORMAT | (body === raw ? 0 : DEFLATED);
  block[5] = columns.length;
  block.writeUInt32LE(rows, 6);
  block.set(codings, HEAD_BYTES);
  block.set(plain, plainAt);
  block.set(body, plainAt + plain.length);
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
  const format = block[4]! & ~DEFLATED;
  if ((format !== FORMAT && format !== FORMAT_BEFORE) || block[5] !== columnCount)
    throw new DamagedBlockError(`it has format ${block[4]} and ${block[5]} columns instead of ${columnCount}`);
  const rows = block.readUInt32LE(6);
  const plainAt = HEAD_BYTES + columnCount;
  let packedAt = plainAt;
  for (let i = 0; i < columnCount; i++) packedAt += plainBytesOf(block[HEAD_BYTES + i]!, rows);
  const stored = block.subarray(packedAt);
  const most = columnCount * (rows * 8 + EXTRA_BYTES);
  const packed = block[4]! & DEFLATED ? inflateRawSync(stored, { maxOutputLength: most, ...roomFor(most) }) : stored;
  const memory = takeFloats(rows * (wanted?.length ?? columnCount));
  const columns: Float64Array[] = [];
  let plain: Section = { bytes: block, at: plainAt };
  let body: Section = { bytes: packed, at: 0 };
  for (let i = 0; i < columnCount; i++) {
    const coding = block[HEAD_BYTES + i]!;
    if (!wanted || wanted[columns.length] === i) {
      const column = memory.subarray(rows * columns.length, rows * (columns.length + 1));
      readColumn(plain, body, coding, column);
      columns.push(column);
    }
    const plainBytes = plainBytesOf(coding, rows);
    plain = { bytes: block, at: plain.at + plainBytes };
    body = { bytes: packed, at: body.at + bytesOf(coding & CODING, rows) - plainBytes };
  }
  return columns;
}

/** All bytes of a column, noisy planes included. */
function bytesOf(coding: number, rows: number): number {
  switch (coding) {
    case Coding.constant:
      return 8;
    case Coding.regular:
      return 16;
    case Coding.differences:
      return 8 + 4 * (rows - 1);
    case Coding.float32:
    case Coding.float32Changes:
      return 4 * rows;
    case Coding.decimal:
    case Coding.decimalChanges:
      return 16 + 4 * rows;
    case Coding.float64:
      return 8 * rows;
    default:
      throw new DamagedBlockError(`it has a column of coding ${coding}, which this version does not know`);
  }
}

function plainBytesOf(coding: number, rows: number): number {
  return (coding >> NOISY_SHIFT) * ((coding & CODING) === Coding.differences ? rows - 1 : rows);
}

/** Writes a column to `writer` and returns its byte. Noise is told apart where what is not noise is deflated. */
function writeColumn(column: Float64Array, deflate: boolean): number {
  if (isConstant(column)) {
    // As bytes: a number might lose the payload of a NaN.
    if (column.length === 0) writer.float64s(0);
    else writer.bytes(new Uint8Array(column.buffer, column.byteOffset, 8));
    return Coding.constant;
  }
  const whole = wholeNumbers(column);
  if (whole === "regular") {
    writer.float64s(column[0]!, column[1]! - column[0]!);
    return Coding.regular;
  }
  if (whole === "ascending") return writeDifferences(column, deflate);
  if (isFloat32(column)) {
    const values = new Uint32Array(Float32Array.from(column).buffer);
    return writeWords(values, Coding.float32, Coding.float32Changes, deflate);
  }
  if (whole === "near") return writeDifferences(column, deflate);
  const decimals = decimalsOf(column);
  if (decimals !== null) return writeDecimals(column, decimals, deflate);
  return writeWide(column, deflate);
}

function writeDifferences(column: Float64Array, deflate: boolean): number {
  const differences = new Uint32Array(column.length - 1);
  for (let i = 1; i < column.length; i++) differences[i - 1] = column[i]! - column[i - 1]!;
  writer.float64s(column[0]!);
  return writeWords(differences, Coding.differences, null, deflate);
}

function writeDecimals(column: Float64Array, decimals: number, deflate: boolean): number {
  const scaled = column.map((value) => Math.round(value * 10 ** decimals));
  const least = scaled.reduce((a, b) => Math.min(a, b));
  writer.float64s(decimals, least);
  const values = Uint32Array.from(scaled, (value) => value - least);
  return writeWords(values, Coding.decimal, Coding.decimalChanges, deflate);
}

function writeWide(column: Float64Array, deflate: boolean): number {
  const bits = bitsOf(column);
  const low = Uint32Array.from({ length: column.length }, (_, i) => bits[2 * i]!);
  const high = Uint32Array.from({ length: column.length }, (_, i) => bits[2 * i + 1]!);
  const noisyLow = deflate ? noisyPlanes(low) : 0;
  const noisyHigh = noisyLow === 4 ? noisyPlanes(high) : 0;
  writer.words(low, noisyLow);
  writer.words(high, noisyHigh);
  return Coding.float64 | ((noisyLow + noisyHigh) << NOISY_SHIFT);
}

/** As they are, or as changes where there is a coding for these: only of what is noise in its lowest bytes, as deflate sees repetition better. */
function writeWords(values: Uint32Array, coding: number, codingOfChanges: number | null, deflate: boolean): number {
  const noisy = deflate ? noisyPlanes(values) : 0;
  if (noisy > 0 && codingOfChanges !== null) {
    const changes = changesOf(values);
    if (areChangesShorter(values, changes)) {
      const noisyChanges = noisyPlanes(changes);
      writer.words(changes, noisyChanges);
      return codingOfChanges | (noisyChanges << NOISY_SHIFT);
    }
  }
  writer.words(values, noisy);
  return coding | (noisy << NOISY_SHIFT);
}

/** Fills `column`, which is all zeros. */
function readColumn(plain: Section, packed: Section, coding: number, column: Float64Array): void {
  const rows = column.length;
  const noisy = coding >> NOISY_SHIFT;
  const { bytes: body, at } = packed;
  const behind = (head: number): Section => ({ bytes: body, at: at + head });
  switch (coding & CODING) {
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
      gather(plain, behind(8), noisy, rows - 1);
      const { differences } = gathered;
      column[0] = body.readDoubleLE(at);
      for (let i = 1; i < rows; i++) column[i] = column[i - 1]! + differences[i - 1]!;
      return;
    }
    case Coding.float32:
    case Coding.float32Changes: {
      gather(plain, packed, noisy, rows);
      if ((coding & CODING) === Coding.float32Changes) sumChanges(gathered.words, rows);
      const { floats } = gathered;
      for (let i = 0; i < rows; i++) column[i] = floats[i]!;
      return;
    }
    case Coding.decimal:
    case Coding.decimalChanges: {
      const scale = 10 ** body.readDoubleLE(at);
      const least = body.readDoubleLE(at + 8);
      gather(plain, behind(16), noisy, rows);
      if ((coding & CODING) === Coding.decimalChanges) sumChanges(gathered.words, rows);
      const { words } = gathered;
      for (let i = 0; i < rows; i++) column[i] = (least + words[i]!) / scale;
      return;
    }
    case Coding.float64:
      gatherWide(plain, packed, noisy, column);
  }
}

function gatherWide(plain: Section, packed: Section, noisy: number, column: Float64Array): void {
  const rows = column.length;
  const bits = bitsOf(column);
  const noisyLow = Math.min(noisy, 4);
  const high = {
    plain: { bytes: plain.bytes, at: plain.at + noisyLow * rows },
    packed: { bytes: packed.bytes, at: packed.at + (4 - noisyLow) * rows },
  };
  gather(plain, packed, noisyLow, rows);
  for (let i = 0; i < rows; i++) bits[2 * i] = gathered.words[i]!;
  gather(high.plain, high.packed, noisy - noisyLow, rows);
  for (let i = 0; i < rows; i++) bits[2 * i + 1] = gathered.words[i]!;
}

function repeated(bytes: Buffer, times: number): Buffer {
  return times === 0 ? bytes.subarray(0, 0) : Buffer.alloc(8 * times, bytes);
}
