import type { PreflightAnswer } from "@/features/launch/use-preflights";

type Cost = NonNullable<PreflightAnswer["cost"]>;

/** What `times` runs of each config cost together; null where one is unknown, or in another currency than the others. */
export function totalCost(costs: readonly (Cost | null)[], times: number): Cost | null {
  const known = costs.filter((cost) => cost !== null);
  const [first] = known;
  if (!first || known.length < costs.length || known.some(({ currency }) => currency !== first.currency)) return null;
  return { currency: first.currency, amount: times * known.reduce((sum, { amount }) => sum + amount, 0) };
}
