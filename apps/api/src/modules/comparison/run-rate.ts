import DataLoader from "dataloader";
import type { Context } from "../../context.js";
import type { Money } from "../../money.js";
import { shareGrant } from "../../viewer.js";

/** What an hour of the worker costs that held a run last; null where it has no rate, and for who only has a link. */
export function rateOfRun({ pool, viewer }: Context): DataLoader<string, Money | null> {
  return new DataLoader(async (runIds) => {
    if (shareGrant(viewer)) return runIds.map(() => null);
    const { rows } = await pool.query<{ run_id: string; hourly_rate: Money }>(
      `SELECT DISTINCT ON (j.run_id) j.run_id, w.hourly_rate FROM job j JOIN worker w ON w.id = j.worker_id
       WHERE j.run_id = ANY($1) AND w.hourly_rate IS NOT NULL ORDER BY j.run_id, j.id DESC`,
      [runIds],
    );
    const rates = new Map(rows.map(({ run_id, hourly_rate }) => [run_id, hourly_rate]));
    return runIds.map((id) => rates.get(id) ?? null);
  });
}

/** The mean price of trainings of these lengths at their rates; null where one is not known, or they are in different currencies. */
export function meanPrice(trainings: readonly { seconds: number | null; rate: Money | null }[]): Money | null {
  const [first] = trainings;
  if (!first?.rate) return null;
  const { currency } = first.rate;
  let sum = 0;
  for (const { seconds, rate } of trainings) {
    if (seconds === null || rate?.currency !== currency) return null;
    sum += (rate.amount * seconds) / 3_600;
  }
  return { amount: sum / trainings.length, currency };
}
