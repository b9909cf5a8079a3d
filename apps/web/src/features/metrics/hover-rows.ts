import { type ChartLine, rowNearest } from "./chart-lines";

export interface HoverRow {
  run: { id: string; name: string; color: string };
  key: string;
  style: ChartLine["style"];
  value: number;
}

/** What each line says at a place of the axis, largest value first; lines that end before it or begin after it are left out. */
export function hoverRows(lines: ChartLine[], x: number, reach: number): HoverRow[] {
  const rows: HoverRow[] = [];
  for (const line of lines) {
    const row = rowNearest(line.x, x);
    if (row < 0) continue;
    const isOutside = (row === 0 && x < line.x[0]! - reach) || (row === line.x.length - 1 && x > line.x[row]! + reach);
    if (isOutside) continue;
    rows.push({ run: line.run, key: line.key, style: line.style, value: (line.raw ?? line.y)[row]! });
  }
  return rows.sort((a, b) => rank(b.value) - rank(a.value));
}

function rank(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}
