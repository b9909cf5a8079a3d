import { crc32 } from "./crc32.js";
import { FrameReader } from "./frame-reader.js";
import { checkKeyCount, checkMetricFrame, checkRowCount, type MetricColumn, type MetricFrame } from "./metric-frame.js";
import { MetricFrameError } from "./metric-frame-error.js";
import { ColumnFlag, HEADER_BYTES, MAGIC, StepCoding, TimeCoding, VERSION } from "./wire-format.js";

/**
 * Unpacks a frame (layout: docs/metric-frame.md). What it returns takes at most 16 bytes a byte of input: claimed sizes are not believed.
 * Throws MetricFrameError for bytes that are no frame, are damaged, or break a limit.
 */
export function decodeMetricFrame(bytes: Uint8Array): MetricFrame {
  const reader = new FrameReader(bytes);
  readHeader(reader, bytes);
  const rowCount = reader.uint32();
  const columnCount = reader.uint16();
  checkRowCount(rowCount);
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

function readHeader(reader: FrameReader, bytes: Uint8Array): void {
  const head = reader.uint32();
  if ((head & 0xffffff) !== MAGIC)
    throw new MetricFrameError("frame", "These bytes are no metric frame (the magic number is missing).");
  if (head >>> 24 !== VERSION)
    throw new MetricFrameError(
      "frame",
      `This is a metric frame of version ${head >>> 24}; version ${VERSION} is understood.`,
      VERSION,
    );
  if (reader.uint32() !== crc32(bytes, HEADER_BYTES))
    throw new MetricFrameError("frame", "The frame is damaged: its checksum does not match. Send it again.");
}

function readSteps(reader: FrameReader, rowCount: number, coding: number): Float64Array {
  if (coding === StepCoding.listed) return reader.float64s(rowCount);
  if (coding !== StepCoding.regular) throw new MetricFrameError("steps", `Unknown step coding ${coding}.`);
  const steps = new Float64Array(rowCount);
  if (rowCount === 0) return steps;
  const first = reader.float64();
  const stride = reader.float64();
  for (let i = 0; i < rowCount; i++) steps[i] = first + i * stride;
  return steps;
}

function readTimes(reader: FrameReader, rowCount: number, coding: number): Float64Array {
  if (coding === TimeCoding.listed) return reader.float64s(rowCount);
  if (coding !== TimeCoding.deltas) throw new MetricFrameError("times", `Unknown time coding ${coding}.`);
  // A change takes a byte at least: what is claimed is checked before it is believed.
  reader.expect(rowCount === 0 ? 0 : rowCount + 7);
  const times = new Float64Array(rowCount);
  if (rowCount > 0) times[0] = reader.float64();
  for (let i = 1; i < rowCount; i++) {
    const zigzag = reader.varint();
    times[i] = times[i - 1]! + (zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
  }
  return times;
}

function readColumn(reader: FrameReader, rowCount: number): MetricColumn {
  const key = reader.key(reader.uint16());
  const flags = reader.uint8();
  if (flags & ~(ColumnFlag.selected | ColumnFlag.float64))
    throw new MetricFrameError("values", `"${key}" has unknown flags.`);
  const rows = flags & ColumnFlag.selected ? readRows(reader, rowCount, key) : null;
  const count = rows?.length ?? rowCount;
  return { key, rows, values: flags & ColumnFlag.float64 ? reader.float64s(count) : reader.float32s(count) };
}

function readRows(reader: FrameReader, rowCount: number, key: string): Uint32Array {
  const count = reader.varint();
  if (count > rowCount)
    throw new MetricFrameError("values", `"${key}" has values in ${count} rows, but the frame has ${rowCount}.`);
  reader.expect(count);
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
