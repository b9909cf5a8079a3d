import type pg from "pg";
import { transaction } from "../transaction.js";
import { type Distribution, planDistribution } from "./plan-distribution.js";

/**
 * Distributes the schema in one transaction, or does nothing: where something is missing, where `dryRun` is set, and where it is done already.
 * Returns what was, or would be, run.
 */
export async function distribute(pool: pg.Pool, { dryRun }: { readonly dryRun: boolean }): Promise<Distribution> {
  return transaction(pool, async (client) => {
    await client.query("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
    // Only one at a time; the next one finds nothing left to do.
    await client.query("SELECT pg_advisory_xact_lock(7245002)");
    const plan = await planDistribution(client);
    if (!dryRun && plan.missing.length === 0) for (const statement of plan.statements) await client.query(statement);
    return plan;
  });
}
