import DataLoader from "dataloader";
import type { Context } from "../../context.js";
import type { Money } from "../../money.js";
import { shareGrant } from "../../viewer.js";

/** A time for which one worker held a run, and what its hour cost then; null where it has no rate. */
export type PricedLease = { worker: string; seconds: number; rate: Money | null };

/** What a training cost, and the workers that keep it from having a price: without a rate, or with one in another currency. */
export type RunPrice = { price: Money | null; unpricedWorkers: string[] };

/** What the workers took that held runs one after another, at their rates of then; of a run that none held, nothing. Not for who only has a link. */
export function priceOfRun({ pool, viewer }: Context): DataLoader<string, RunPrice> {
  return new DataLoader(async (runIds) => {
    const leases = new Map<string, PricedLease[]>(runIds.map((id) => [id, []]));
    if (!shareGrant(viewer)) {
      const { rows } = await pool.query<PricedLease & { run_id: string }>(
        `SELECT l.run_id, w.name AS worker, l.hourly_rate AS rate, extract(epoch FROM l.renewed_at - l.began_at)::float8 AS seconds
         FROM run_lease l JOIN worker w ON w.id = l.worker_id WHERE l.run_id = ANY($1) ORDER BY l.run_id, l.lease_generation`,
        [runIds],
      );
      for (const { run_id, ...lease } of rows) leases.get(run_id)!.push(lease);
    }
    return runIds.map((id) => sumPrice(leases.get(id)!));
  });
}

/** The sum over leases; no price where one of them has none in the currency of the first that has. */
export function sumPrice(leases: readonly PricedLease[]): RunPrice {
  const currency = leases.find(({ rate }) => rate !== null)?.rate?.currency;
  const unpriced = leases.filter(({ rate }) => rate === null || rate.currency !== currency);
  const unpricedWorkers = [...new Set(unpriced.map(({ worker }) => worker))];
  if (currency === undefined || unpriced.length > 0) return { price: null, unpricedWorkers };
  const amount = leases.reduce((sum, { seconds, rate }) => sum + (rate!.amount * seconds) / 3_600, 0);
  return { price: { amount, currency }, unpricedWorkers };
}
