import type { ExportBatch, ExportColumn, ExportField, ExportTable } from "./export-table.js";

/** Rows of text that are joined before they are sent. */
const joinedRows = 1_024;

/**
 * The table as CSV (RFC 4180, UTF-8, a header row). Times are ISO 8601 in UTC; NaN, inf and -inf are written as such, null as an empty
 * field. A text that a spreadsheet would run is written with a single quote before it.
 */
export async function* encodeCsv({ fields, batches }: ExportTable): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${fields.map((field) => quoted(field.name)).join(",")}\r\n`);
  for await (const batch of batches) {
    for (let start = 0; start < batch.length; start += joinedRows)
      yield Buffer.from(rowsOf(fields, batch, start, Math.min(batch.length, start + joinedRows)));
  }
}

function rowsOf(fields: readonly ExportField[], { columns }: ExportBatch, start: number, end: number): string {
  const writers = fields.map((field, i) => fieldWriter(field, columns[i]!));
  let text = "";
  for (let row = start; row < end; row++) {
    for (const [i, write] of writers.entries()) text += (i === 0 ? "" : ",") + write(row);
    text += "\r\n";
  }
  return text;
}

function fieldWriter(field: ExportField, column: ExportColumn): (row: number) => string {
  if (field.type === "label") return (row) => quoted(field.labels[column[row] as number]!);
  return (row) => {
    const value = column[row]!;
    if (value === null) return "";
    if (typeof value === "string") return quoted(value);
    if (typeof value === "boolean") return String(value);
    return field.type === "time" ? timeText(value) : numberText(value);
  };
}

/** A spreadsheet takes a text that begins like this for a formula, which it runs; a quote before it makes it a text again. */
const formula = /^[=+\-@\t\r]/;

function quoted(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Number.POSITIVE_INFINITY) return "inf";
  return value === Number.NEGATIVE_INFINITY ? "-inf" : String(value);
}

/** A Date ends in the year 275760; a writer's clock may not. */
function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
