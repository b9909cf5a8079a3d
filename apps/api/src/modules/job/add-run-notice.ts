import type { MessageValues } from "@residual/shared";
import type pg from "pg";
import { badInput } from "../../errors.js";
import type { Message } from "../../message.js";
import type { Json } from "../../scalars/json.js";
import { transaction } from "../../transaction.js";
import { holdLease } from "./lease.js";
import type { AddRunNoticeInput, RunNotice } from "./run-notice.type.js";

const limits = { noticesOfRun: 1_000, keyLength: 128, textLength: 4_000, values: 32, valueLength: 1_000 } as const;

/**
 * Keeps a notice with the run, under the job's lease. The same again changes nothing (`isNew` false), from a later worker neither; FENCED
 * when the lease has passed on.
 */
export async function addRunNotice(
  pool: pg.Pool,
  input: AddRunNoticeInput,
): Promise<{ runId: string; notice: RunNotice; isNew: boolean }> {
  const { step, kind } = input;
  const message = checkMessage(input);
  return transaction(pool, async (client) => {
    const { distKey, runId } = await holdLease(client, input.job, input.leaseGeneration);
    if (!runId) throw badInput("job", "job scans a dataset; only runs have notices.");
    const key = [distKey, runId, step, kind, JSON.stringify(message)];
    const before = await client.query<{ count: number; createdAt: Date | null }>(
      `SELECT count(*)::int AS count,
              max(created_at) FILTER (WHERE step = $3 AND kind = $4 AND message = $5::jsonb) AS "createdAt"
       FROM run_notice WHERE dist_key = $1 AND run_id = $2`,
      key,
    );
    const { count, createdAt } = before.rows[0]!;
    if (createdAt) return { runId, notice: { step, kind, message, createdAt }, isNew: false };
    if (count >= limits.noticesOfRun)
      throw badInput("job", `The run has ${count} notices already; no more are kept.`, [0, limits.noticesOfRun]);
    const { rows } = await client.query<{ createdAt: Date }>(
      `INSERT INTO run_notice (dist_key, run_id, step, kind, message) VALUES ($1, $2, $3, $4, $5)
       RETURNING created_at AS "createdAt"`,
      key,
    );
    return { runId, notice: { step, kind, message, createdAt: rows[0]!.createdAt }, isNew: true };
  });
}

function checkMessage({ key, values, text }: AddRunNoticeInput): Message {
  if (!/^[\w.]+$/.test(key) || key.length > limits.keyLength)
    throw badInput("key", `key is 1 to ${limits.keyLength} letters, digits, underscores and dots.`, [
      1,
      limits.keyLength,
    ]);
  if (text.length === 0 || text.length > limits.textLength)
    throw badInput("text", `text has ${text.length} characters; 1 to ${limits.textLength} are kept.`, [
      1,
      limits.textLength,
    ]);
  return { key, values: checkValues(values), text };
}

function checkValues(values: Json): MessageValues {
  if (typeof values !== "object" || values === null || Array.isArray(values))
    throw badInput("values", 'values must be an object of names and values, as {"batchSize": 32}.');
  const entries = Object.entries(values);
  if (entries.length > limits.values)
    throw badInput("values", `values has ${entries.length} entries; at most ${limits.values} are kept.`, [
      0,
      limits.values,
    ]);
  for (const [name, value] of entries) {
    const isPlain = value === null || typeof value === "number" || typeof value === "string";
    if (!isPlain || (typeof value === "string" && value.length > limits.valueLength))
      throw badInput(
        `values.${name}`,
        `values.${name} must be a number, null, or a text of at most ${limits.valueLength} characters.`,
      );
  }
  return values as MessageValues;
}
