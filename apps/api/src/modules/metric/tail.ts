import type { ClientBase } from "pg";
import { insertRunRows } from "./insert-run-rows.js";

/** A series and lease generation as compaction left it: what its full chunks hold, and the points behind them. */
export type Tail = {
  key: string;
  lease_generation: number;
  chunks: number;
  chunked_points: number;
  /** The last arrival in a full chunk, 0 where there is none. */
  chunked_arrival: number;
  first_step: number | null;
  last_step: number | null;
  /** Whether the steps of the full chunks ascend from first to last. */
  ascending: boolean;
  points: number;
  last_arrival: number;
  axis: Buffer;
  data: Buffer;
};

const columns = [
  "key",
  "lease_generation",
  "chunks",
  "chunked_points",
  "chunked_arrival",
  "first_step",
  "last_step",
  "ascending",
  "points",
  "last_arrival",
  "axis",
  "data",
] as const satisfies readonly (keyof Tail)[];

export async function readTails(
  client: ClientBase,
  run: { id: string; distKey: number },
  keys: string[],
): Promise<Tail[]> {
  const { rows } = await client.query<Tail>(
    `SELECT ${columns.join(", ")} FROM metric_tail WHERE dist_key = $1 AND run_id = $2 AND key = ANY($3)`,
    [run.distKey, run.id, keys],
  );
  return rows;
}

export function storeTails(client: ClientBase, run: { id: string; distKey: number }, tails: Tail[]): Promise<void> {
  const rows = tails.map((tail) => columns.map((column) => tail[column]));
  const changes = columns.slice(2).map((column) => `${column} = excluded.${column}`);
  return insertRunRows(
    client,
    "metric_tail",
    run,
    columns,
    rows,
    `ON CONFLICT (dist_key, run_id, key, lease_generation) DO UPDATE SET ${changes.join(", ")}`,
  );
}
