import type { ClientBase, QueryResult } from "pg";

/** More parameters than these do not fit in one statement (the protocol counts them in 16 bits). */
const MAX_PARAMETERS = 65_535;

/** Statements with so many rows at most are prepared once a connection; larger ones are rare, and cost little more for it. */
const PREPARED_ROWS = 64;

/**
 * One multi-row INSERT … VALUES of rows that share `distKey`; `into` names dist_key first, `rows` hold the other columns. VALUES and not
 * unnest: a sharded Postgres sends it to the one shard as it is, and bytes travel as bytes, not as hexadecimal text in an array.
 */
export function insertRows(
  client: ClientBase,
  insert: {
    name: string;
    into: string;
    distKey: number;
    rows: readonly (readonly unknown[])[];
    suffix?: string;
  },
): Promise<QueryResult> {
  const { name, into, distKey, rows, suffix = "" } = insert;
  const width = rows[0]!.length;
  if (rows.length * width >= MAX_PARAMETERS) throw new RangeError(`${name}: ${rows.length} rows are too many.`);
  const values: unknown[] = [distKey];
  const places: string[] = [];
  for (const row of rows) {
    const place = row.map((value) => `$${values.push(value)}`);
    places.push(`($1, ${place.join(", ")})`);
  }
  return client.query({
    ...(rows.length <= PREPARED_ROWS && { name: `${name}-${rows.length}` }),
    text: `INSERT INTO ${into} VALUES ${places.join(", ")} ${suffix}`,
    values,
  });
}
