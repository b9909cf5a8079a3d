import { paretoFront } from "@residual/shared";
import type { ComparisonRowViewFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";

export const costs = ["parameters", "macs", "memory", "latency", "time", "energy"] as const;
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

function costOf(row: ComparisonRowViewFragment, cost: Cost): number | null {
  const { parameters, macs, memoryBytes, latencyMilliseconds, trainSeconds, energyWattHours } = row;
  const prices: Record<Cost, number | null> = {
    parameters,
    macs,
    memory: memoryBytes,
    latency: latencyMilliseconds,
    time: trainSeconds,
    energy: energyWattHours,
  };
  return prices[cost];
}

/** The rows that have an accuracy and this cost, cheapest first. */
export function costPoints(rows: readonly ComparisonRowViewFragment[], cost: Cost): CostPoint[] {
  const points: CostPoint[] = [];
  for (const row of rows) {
    const accuracy = finite(row.valAccuracy?.estimate);
    const price = finite(costOf(row, cost));
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
