import type { ChartLine } from "./chart-lines";

export interface TableRow {
  step: number;
  /** Row i belongs to line i; null where it has no point at this step. */
  values: (number | null)[];
}

/** The lines as one table by step, the last `most` rows of it, and how many there are in all. */
export function tableRows(lines: ChartLine[], most: number): { rows: TableRow[]; total: number } {
  const steps = new Set<number>();
  for (const line of lines) for (const step of line.steps) steps.add(step);
  const ordered = Array.from(steps).sort((a, b) => a - b);
  const shown = ordered.slice(-most);
  const index = new Map(shown.map((step, row) => [step, row]));
  const rows = shown.map((step): TableRow => ({ step, values: lines.map(() => null) }));
  lines.forEach((line, column) => {
    const values = line.raw ?? line.y;
    for (let row = line.steps.length - 1; row >= 0; row--) {
      const at = index.get(line.steps[row]!);
      if (at === undefined) break;
      rows[at]!.values[column] = values[row]!;
    }
  });
  return { rows, total: ordered.length };
}
