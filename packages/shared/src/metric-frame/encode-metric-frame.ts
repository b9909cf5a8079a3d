import { ByteWriter } from "./byte-writer.js";
import { crc32 } from "./crc32.js";
import { checkMetricFrame, type MetricColumn, type MetricFrame } from "./metric-frame.js";
import { spellMetricKey } from "./metric-key.js";
import { ColumnFlag, HEADER_BYTES, MAGIC, StepCoding, TimeCoding, VERSION } from "./wire-format.js";

/** Packs a frame (layout: docs/metric-frame.md). Every value comes back bit by bit. Throws MetricFrameError where a rule is broken. */
export function encodeMetricFrame(frame: MetricFrame): Uint8Array<ArrayBuffer> {
  checkMetricFrame(frame);
  const writer = new ByteWriter();
  const stride = regularStride(frame.steps);
  const deltas = wholeDeltas(frame.times);
  writer.uint32(MAGIC | (VERSION << 24));
  writer.uint32(0);
  writer.uint32(frame.steps.length);
  writer.uint16(frame.columns.length);
  writer.uint8(stride === null ? StepCoding.listed : StepCoding.regular);
  writer.uint8(deltas === null ? TimeCoding.listed : TimeCoding.deltas);
  if (stride === null) writer.raw(bytesOf(frame.steps));
  else if (frame.steps.length > 0) {
    writer.float64(frame.steps[0]!);
    writer.float64(stride);
  }
  if (deltas === null) writer.raw(bytesOf(frame.times));
  else if (frame.times.length > 0) {
    writer.float64(frame.times[0]!);
    for (const delta of deltas) writer.varint(delta >= 0 ? delta * 2 : -delta * 2 - 1);
  }
  for (const column of frame.columns) writeColumn(writer, column);
  const bytes = writer.finish();
  new DataView(bytes.buffer).setUint32(4, crc32(bytes, HEADER_BYTES), true);
  return bytes;
}

function writeColumn(writer: ByteWriter, { key, rows, values }: MetricColumn): void {
  const name = spellMetricKey(key);
  const asFloat32 = isFloat32Exact(values);
  writer.uint16(name.length);
  writer.raw(name);
  writer.uint8((rows === null ? 0 : ColumnFlag.selected) | (asFloat32 ? 0 : ColumnFlag.float64));
  if (rows !== null) {
    writer.varint(rows.length);
    rows.forEach((row, i) => {
      writer.varint(i === 0 ? row : row - rows[i - 1]! - 1);
    });
  }
  if (asFloat32) writer.float32s(values);
  else writer.raw(bytesOf(values));
}

/** The stride where steps are regular (0 for fewer than two), else null. */
function regularStride(steps: Float64Array): number | null {
  if (steps.length < 2) return 0;
  const first = steps[0]!;
  const stride = steps[1]! - first;
  for (let i = 2; i < steps.length; i++) if (steps[i] !== first + i * stride) return null;
  return stride;
}

/** Changes between neighbours where the times are whole milliseconds, else null. */
function wholeDeltas(times: Float64Array): Float64Array | null {
  const deltas = new Float64Array(Math.max(times.length - 1, 0));
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    // 2^51: a zigzag-coded change between two such times still is a safe integer.
    if (!Number.isInteger(time) || Math.abs(time) > 2 ** 51 || Object.is(time, -0)) return null;
    if (i > 0) deltas[i - 1] = time - times[i - 1]!;
  }
  return deltas;
}

/** Whether f32 keeps every bit. It keeps −0, and of NaN the canonical one but no other payload. */
function isFloat32Exact(values: Float64Array): boolean {
  let words: DataView | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Math.fround(value) === value) continue;
    if (!Number.isNaN(value)) return false;
    words ??= new DataView(values.buffer, values.byteOffset, values.byteLength);
    if (words.getUint32(i * 8, true) !== 0 || words.getUint32(i * 8 + 4, true) !== 0x7ff80000) return false;
  }
  return true;
}

function bytesOf(array: Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
