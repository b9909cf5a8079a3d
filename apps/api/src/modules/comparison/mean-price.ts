import type { RunPrice } from "../job/run-price.js";

/** The mean over runs; no price where one of them has none, or they are in different currencies. */
export function meanPrice(prices: readonly RunPrice[]): RunPrice {
  const unpricedWorkers = [...new Set(prices.flatMap((one) => one.unpricedWorkers))];
  const known = prices.flatMap(({ price }) => price ?? []);
  const [first] = known;
  if (!first || known.length < prices.length || known.some(({ currency }) => currency !== first.currency))
    return { price: null, unpricedWorkers };
  const sum = known.reduce((total, { amount }) => total + amount, 0);
  return { price: { amount: sum / known.length, currency: first.currency }, unpricedWorkers };
}
