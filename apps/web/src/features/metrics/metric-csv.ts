import type { ChartRun } from "./chart-lines";
import type { SeriesPart } from "./series-buffer";

/**
 * Series as CSV (RFC 4180): one row a point, with the run's id and name. Where a row stands for several points, min and max say
 * their extremes. Numbers are written in full, so that reading them back gives the same bits.
 */
export function metricCsv(parts: SeriesPart[], runs: ChartRun[]): string {
  const names = new Map(runs.map(({ id, name }) => [id, name]));
  const thinned = parts.some(({ exact }) => !exact);
  const lines = [["run_id", "run", "key", "step", "time", "value", ...(thinned ? ["min", "max"] : [])].join(",")];
  for (const { run, key, columns } of parts) {
    const head = `${cell(run)},${cell(names.get(run) ?? "")},${cell(key)}`;
    for (let row = 0; row < columns.steps.length; row++) {
      const value = columns.values[row]!;
      const time = new Date(columns.times[row]!).toISOString();
      const extremes = thinned ? `,${number(columns.min?.[row] ?? value)},${number(columns.max?.[row] ?? value)}` : "";
      lines.push(`${head},${columns.steps[row]},${time},${number(value)}${extremes}`);
    }
  }
  return `${lines.join("\r\n")}\r\n`;
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** A text cell. A leading =, +, -, @ would be run as a formula by spreadsheets: an apostrophe keeps it text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
