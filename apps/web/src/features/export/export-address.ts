/** Which runs: the named ones, or all of an experiment. */
export type ExportedRuns = { readonly runs: readonly string[] } | { readonly experiment: string };

export type ExportTable = "series" | "runs";
export type ExportFormat = "arrow" | "parquet" | "csv";

/** The address of a download on this server; it answers with a file, or with an error as JSON. */
export function exportAddress(table: ExportTable, format: ExportFormat, which: ExportedRuns): string {
  const query = "runs" in which ? `run=${which.runs.join(",")}` : `experiment=${which.experiment}`;
  return `/export/${table}.${format}?${query}`;
}
