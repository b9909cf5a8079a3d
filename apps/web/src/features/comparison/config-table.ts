import { configRows } from "@/features/run/config-rows";

export interface ConfigColumn {
  run: string;
  name: string;
}

export interface ConfigLine {
  field: string;
  /** Value i belongs to column i; null where the run does not have the field. */
  values: (string | null)[];
  isDifferent: boolean;
}

/** The API's list of differences as lines over the given columns. */
export function differenceLines(
  differences: readonly { field: string; values: readonly { run: string; value: unknown }[] }[],
  columns: readonly ConfigColumn[],
): ConfigLine[] {
  return differences.map(({ field, values }) => {
    const byRun = new Map(values.map(({ run, value }) => [run, value]));
    return { field, isDifferent: true, values: columns.map(({ run }) => say(byRun.get(run))) };
  });
}

/** Every setting of every run as lines over the given columns. */
export function allLines(configs: ReadonlyMap<string, unknown>, columns: readonly ConfigColumn[]): ConfigLine[] {
  const flat = columns.map(
    ({ run }) => new Map(configRows(configs.get(run)).map(({ field, value }) => [field, value])),
  );
  const fields = [...new Set(flat.flatMap((fieldsOfRun) => [...fieldsOfRun.keys()]))].sort();
  return fields.map((field) => {
    const values = flat.map((fieldsOfRun) => fieldsOfRun.get(field) ?? null);
    return { field, values, isDifferent: new Set(values).size > 1 };
  });
}

/** How often each value occurs in a line, most frequent first: for so many runs that a column each would not be read. */
export function valueCounts(values: readonly (string | null)[]): { value: string | null; runs: number }[] {
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, runs]) => ({ value, runs })).sort((a, b) => b.runs - a.runs);
}

function say(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
