/** A column of an export. `label`: one of few texts, which are all known before the first row. `time`: milliseconds since 1970. */
export type ExportField =
  | { readonly name: string; readonly type: "label"; readonly labels: readonly string[] }
  | { readonly name: string; readonly type: "text" | "integer" | "number" | "time" | "boolean" };

/**
 * The values of one column in one batch. Of labels their places in the field's list. Typed arrays have no nulls; lists may. Integers lie
 * within ±2^53.
 */
export type ExportColumn = Int32Array | Float64Array | readonly (string | number | boolean | null)[];

/** Some rows: as many values in each column as `length`, in the order of the fields. */
export type ExportBatch = { readonly length: number; readonly columns: readonly ExportColumn[] };

/** A table that is made while it is sent: the whole of it is never in memory. */
export type ExportTable = { readonly fields: readonly ExportField[]; readonly batches: AsyncIterable<ExportBatch> };

/** Rows of a batch of points: encoding one as Parquet holds the event loop for about 25 ms. */
export const batchRows = 32_768;

/** 64-bit integers of whole numbers within ±2^53, without a BigInt for each. */
export function int64Values(values: Float64Array): BigInt64Array {
  const halves = new Int32Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const high = Math.floor(value / 2 ** 32);
    halves[2 * i] = (value - high * 2 ** 32) | 0;
    halves[2 * i + 1] = high;
  }
  return new BigInt64Array(halves.buffer);
}

/** Whole microseconds since 1970: files keep times in them, writers may give fractions of a millisecond. */
export function microseconds(milliseconds: Float64Array): Float64Array {
  return milliseconds.map((time) => Math.round(time * 1_000));
}
