import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import {
  type ExportBatch,
  type ExportColumn,
  type ExportField,
  type ExportTable,
  int64Values,
  microseconds,
} from "./export-table.js";

/**
 * The table as Parquet, a row group a batch: integers and times as differences, numbers with their bytes split by rank, all Snappy. Only
 * the footer's entries of the groups that were sent stay in memory (about 1 kB each).
 */
export async function* encodeParquet({ fields, batches }: ExportTable): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: "root", num_children: fields.length }, ...fields.map(schemaElement)],
    createdBy: "residual",
  });
  for await (const batch of batches) {
    await writer.write({ columnData: columnData(fields, batch), rowGroupSize: batch.length });
    yield take(bytes);
  }
  await writer.finish();
  yield take(bytes);
}

/** What was written since; `offset`, on which the footer rests, goes on counting. */
function take(writer: ByteWriter): Uint8Array {
  const bytes = Uint8Array.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}

const physicalTypes = {
  label: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
  time: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
  },
  boolean: { type: "BOOLEAN" },
} satisfies Record<ExportField["type"], Partial<SchemaElement>>;

function schemaElement({ name, type }: ExportField): SchemaElement {
  return { name, repetition_type: type === "label" ? "REQUIRED" : "OPTIONAL", ...physicalTypes[type] };
}

function columnData(fields: readonly ExportField[], { columns }: ExportBatch): ColumnSource[] {
  return fields.map((field, i) => parquetColumn(field, columns[i]!));
}

function parquetColumn(field: ExportField, column: ExportColumn): ColumnSource {
  const { name } = field;
  if (field.type === "label") return { name, data: Array.from(column as Int32Array, (i) => field.labels[i]!) };
  if (!(column instanceof Float64Array)) return { name, data: nullableValues(field, column) };
  if (field.type === "number") return { name, data: column, encoding: "BYTE_STREAM_SPLIT" };
  const whole = int64Values(field.type === "time" ? microseconds(column) : column);
  return { name, data: whole, encoding: "DELTA_BINARY_PACKED" };
}

function nullableValues({ type }: ExportField, column: Exclude<ExportColumn, Float64Array>): unknown[] {
  if (type === "integer") return Array.from(column, (value) => (value === null ? null : BigInt(value)));
  if (type === "time")
    return Array.from(column, (value) => (value === null ? null : BigInt(Math.round((value as number) * 1_000))));
  return [...column];
}
