import { paretoFront } from "@residual/shared";
import type { ComparisonRowViewFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";

export const costs = ["parameters", "macs", "memory", "latency", "time", "money", "energy"] as const;
export type Cost = (typeof costs)[number];

export interface CostPoint {
  key: string;
  name: string;
  run: string | null;
  cost: number;
  accuracy: number;
  low: number | null;
  high: number | null;
  /** No other point is at least as accurate and at most as costly, and better in one of both. */
  isOnFront: boolean;
}

/** The currency that most of the rows have their price in; of equals the first. Null where none has one. */
export function commonCurrency(rows: readonly ComparisonRowViewFragment[]): string | null {
  const counts = new Map<string, number>();
  for (const { price } of rows) if (price) counts.set(price.currency, (counts.get(price.currency) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function costOf(row: ComparisonRowViewFragment, cost: Cost, currency: string | null): number | null {
  const { parameters, macs, memoryBytes, latencyMilliseconds, trainSeconds, energyWattHours } = row;
  const prices: Record<Cost, number | null> = {
    parameters,
    macs,
    memory: memoryBytes,
    latency: latencyMilliseconds,
    time: trainSeconds,
    money: row.price && row.price.currency === currency ? row.price.amount : null,
    energy: energyWattHours,
  };
  return prices[cost];
}

/** The rows that have an accuracy and this cost, cheapest first. */
export function costPoints(rows: readonly ComparisonRowViewFragment[], cost: Cost): CostPoint[] {
  const points: CostPoint[] = [];
  const currency = commonCurrency(rows);
  for (const row of rows) {
    const accuracy = finite(row.valAccuracy?.estimate);
    const price = finite(costOf(row, cost, currency));
    if (accuracy === null || price === null || price <= 0) continue;
    points.push({
      key: row.key,
      name: row.name,
      run: row.runs[0]?.id ?? null,
      cost: price,
      accuracy,
      low: finite(row.valAccuracy?.low),
      high: finite(row.valAccuracy?.high),
      isOnFront: false,
    });
  }
  points.sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  const front = new Set(
    paretoFront(points.map(({ key, accuracy, cost: price }) => ({ id: key, accuracy, cost: price }))),
  );
  for (const point of points) point.isOnFront = front.has(point.key);
  return points;
}

/** Names of the rows that have an accuracy, but not this cost. */
export function unpricedRows(rows: readonly ComparisonRowViewFragment[], points: readonly CostPoint[]): string[] {
  const priced = new Set(points.map(({ key }) => key));
  return rows
    .filter((row) => finite(row.valAccuracy?.estimate) !== null && !priced.has(row.key))
    .map(({ name }) => name);
}
