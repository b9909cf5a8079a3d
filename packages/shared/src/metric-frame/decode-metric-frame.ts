import { ByteReader } from "./byte-reader.js";
import { crc32 } from "./crc32.js";
import {
  checkKeyCount,
  checkMetricFrame,
  type MetricColumn,
  type MetricFrame,
  metricFrameLimits,
} from "./metric-frame.js";
import { MetricFrameError } from "./metric-frame-error.js";
import { ColumnFlag, HEADER_BYTES, MAGIC, StepCoding, TimeCoding, VERSION } from "./wire-format.js";

const textDecoder = new TextDecoder("utf-8", { fatal: true });

/** Unpacks a frame. Throws MetricFrameError for bytes that are no frame, are damaged, or break a limit. */
export function decodeMetricFrame(bytes: Uint8Array): MetricFrame {
  const reader = new ByteReader(bytes);
  const head = reader.uint32();
  if ((head & 0xffffff) !== MAGIC)
    throw new MetricFrameError("frame", "These bytes are no metric frame (the magic number is missing).");
  if (head >>> 24 !== VERSION)
    throw new MetricFrameError(
      "frame",
      `This is a metric frame of version ${head >>> 24}; version ${VERSION} is understood.`,
    );
  if (reader.uint32() !== crc32(bytes.subarray(HEADER_BYTES)))
    throw new MetricFrameError("frame", "The frame is damaged: its checksum does not match.");
  const rowCount = reader.uint32();
  const columnCount = reader.uint16();
  if (rowCount > metricFrameLimits.points) {
    throw new MetricFrameError(
      "steps",
      `A frame has at most ${metricFrameLimits.points} steps; this one has ${rowCount}. Send several frames.`,
      metricFrameLimits.points,
    );
  }
  checkKeyCount(columnCount);
  const stepCoding = reader.uint8();
  const timeCoding = reader.uint8();
  const steps = readSteps(reader, rowCount, stepCoding);
  const times = readTimes(reader, rowCount, timeCoding);
  const columns: MetricColumn[] = [];
  for (let i = 0; i < columnCount; i++) columns.push(readColumn(reader, rowCount));
  if (reader.remaining > 0)
    throw new MetricFrameError("frame", `The frame has ${reader.remaining} bytes after its last column.`);
  const frame = { steps, times, columns };
  checkMetricFrame(frame);
  return frame;
}

function readSteps(reader: ByteReader, rowCount: number, coding: number): Float64Array {
  if (coding === StepCoding.listed) return readFloat64s(reader, rowCount);
  if (coding !== StepCoding.regular) throw new MetricFrameError("steps", `Unknown step coding ${coding}.`);
  if (rowCount === 0) return new Float64Array(0);
  const first = reader.float64();
  const stride = reader.float64();
  return Float64Array.from({ length: rowCount }, (_, i) => first + i * stride);
}

function readTimes(reader: ByteReader, rowCount: number, coding: number): Float64Array {
  if (coding === TimeCoding.listed) return readFloat64s(reader, rowCount);
  if (coding !== TimeCoding.deltas) throw new MetricFrameError("times", `Unknown time coding ${coding}.`);
  const times = new Float64Array(rowCount);
  if (rowCount > 0) times[0] = reader.float64();
  for (let i = 1; i < rowCount; i++) {
    const zigzag = reader.varint();
    times[i] = times[i - 1]! + (zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
  }
  return times;
}

function readColumn(reader: ByteReader, rowCount: number): MetricColumn {
  const key = readKey(reader);
  const flags = reader.uint8();
  if (flags & ~(ColumnFlag.selected | ColumnFlag.float64))
    throw new MetricFrameError("values", `"${key}" has unknown flags.`);
  const rows = flags & ColumnFlag.selected ? readRows(reader, rowCount, key) : null;
  const count = rows?.length ?? rowCount;
  if (flags & ColumnFlag.float64) return { key, rows, values: readFloat64s(reader, count) };
  return { key, rows, values: Float64Array.from(new Float32Array(reader.raw(count * 4).buffer)) };
}

function readKey(reader: ByteReader): string {
  const bytes = reader.raw(reader.uint16());
  try {
    return textDecoder.decode(bytes);
  } catch {
    throw new MetricFrameError("values", "A metric key is not valid UTF-8.");
  }
}

function readRows(reader: ByteReader, rowCount: number, key: string): Uint32Array {
  const count = reader.varint();
  if (count > rowCount)
    throw new MetricFrameError("values", `"${key}" has values in ${count} rows, but the frame has ${rowCount}.`);
  const rows = new Uint32Array(count);
  let next = 0;
  for (let i = 0; i < count; i++) {
    const row = next + reader.varint();
    if (row >= rowCount)
      throw new MetricFrameError("values", `"${key}" has a value in row ${row}, but the frame has ${rowCount} rows.`);
    rows[i] = row;
    next = row + 1;
  }
  return rows;
}

function readFloat64s(reader: ByteReader, count: number): Float64Array {
  return new Float64Array(reader.raw(count * 8).buffer);
}
