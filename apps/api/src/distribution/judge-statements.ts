import type { ClientBase } from "pg";
import { judgeUpsert } from "./judge-changes.js";
import { judgePlan } from "./judge-plan.js";
import type { PlanNode } from "./plan-node.js";

/** A statement that was sent, and the source file that sent it (as far as the stack told). */
export type SentStatement = { readonly text: string; readonly from: string };

/** The faults of statements that read or change rows, in words; `client` is a Postgres of version 16 or later with the current schema. */
export async function judgeStatements(client: ClientBase, statements: Iterable<SentStatement>): Promise<string[]> {
  const faults: string[] = [];
  for (const { text, from } of statements) {
    // Several statements in one text are for the session: settings and locks.
    if (!/^\s*(with|select|insert|update|delete|merge)\b/i.test(text) || /;\s*\S/.test(text)) continue;
    for (const fault of await faultsOf(client, text))
      faults.push(`${from} ${fault}:\n    ${text.trim().replaceAll(/\s+/g, " ").slice(0, 300)}`);
  }
  return faults;
}

async function faultsOf(client: ClientBase, text: string): Promise<string[]> {
  try {
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `EXPLAIN (GENERIC_PLAN, VERBOSE, COSTS OFF, FORMAT JSON) ${text}`,
    );
    return [...judgePlan(rows[0]!["QUERY PLAN"][0].Plan), ...judgeUpsert(text)];
  } catch (error) {
    // A table that only that test made, or a mistake that it made on purpose.
    const code = (error as { code?: string }).code ?? "";
    return /^(42P01|42601|42703|42883)$/.test(code) ? [] : [`cannot be judged (${(error as Error).message})`];
  }
}
