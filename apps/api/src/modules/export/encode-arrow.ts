import {
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  type TypeMap,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import {
  type ExportBatch,
  type ExportColumn,
  type ExportField,
  type ExportTable,
  int64Values,
  microseconds,
} from "./export-table.js";

/**
 * The table as an Arrow IPC stream: labels as dictionaries, which go before the first batch; integers as int64, times as timestamps in
 * microseconds (UTC), numbers as float64.
 */
export async function* encodeArrow({ fields, batches }: ExportTable): AsyncGenerator<Uint8Array> {
  const columns = fields.map(arrowField);
  const schema = new Schema(columns.map(({ field }) => field));
  const writer = new CollectingWriter();
  writer.reset(undefined, schema);
  for await (const batch of batches) {
    writer.write(recordBatch(schema, columns, batch));
    yield writer.take();
  }
  writer.finish();
  yield writer.take();
}

/** Hands over what it has written when it is asked. The queue of its base class has no end, and nobody it would wait for. */
class CollectingWriter extends RecordBatchStreamWriter {
  #written: Uint8Array[] = [];

  protected override _write(chunk: ArrayBufferView): this {
    this.#written.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.#written);
    this.#written = [];
    return bytes;
  }
}

type ArrowColumn = { field: Field; source: ExportField; dictionary: Vector<Utf8> | null };

function arrowField(source: ExportField, i: number): ArrowColumn {
  if (source.type === "label") {
    const type = new Dictionary(new Utf8(), new Int32(), i);
    const dictionary = vectorFromArray([...source.labels], new Utf8());
    return { source, field: new Field(source.name, type, false), dictionary };
  }
  return { source, field: new Field(source.name, arrowTypes[source.type], true), dictionary: null };
}

const arrowTypes: Record<Exclude<ExportField["type"], "label">, DataType> = {
  text: new Utf8(),
  integer: new Int64(),
  number: new Float64(),
  time: new TimestampMicrosecond("UTC"),
  boolean: new Bool(),
};

function recordBatch(schema: Schema, columns: ArrowColumn[], batch: ExportBatch): RecordBatch {
  const children = columns.map((column, i) => arrowData(column, batch.columns[i]!));
  return new RecordBatch(
    schema,
    makeData({ type: new Struct<TypeMap>(schema.fields), length: batch.length, nullCount: 0, children }),
  );
}

function arrowData({ field, source, dictionary }: ArrowColumn, column: ExportColumn): Data {
  const { length } = column;
  if (source.type === "label")
    return makeData({
      type: field.type as Dictionary<Utf8, Int32>,
      length,
      nullCount: 0,
      data: column as Int32Array,
      dictionary: dictionary!,
    });
  if (source.type === "text" || source.type === "boolean")
    return vectorFromArray(column as (string | null)[], field.type as Utf8).data[0]!;
  const { values, nullBitmap, nullCount } = withoutNulls(column as Float64Array | (number | null)[]);
  const data = source.type === "number" ? values : int64Values(source.type === "time" ? microseconds(values) : values);
  return makeData({ type: field.type as Float64, length, nullCount, nullBitmap, data: data as Float64Array });
}

/** Zero where there is no value, and the bits that say where there is one (the lowest first). */
function withoutNulls(column: Float64Array | (number | null)[]) {
  if (column instanceof Float64Array) return { values: column, nullBitmap: null, nullCount: 0 };
  const nullBitmap = new Uint8Array(Math.ceil(column.length / 64) * 8);
  let nullCount = 0;
  const values = Float64Array.from(column, (value, i) => {
    if (value === null) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
    return value ?? 0;
  });
  return { values, nullBitmap, nullCount };
}
