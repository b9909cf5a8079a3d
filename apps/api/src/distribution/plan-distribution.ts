import type { ClientBase } from "pg";
import { type TableKind, tableKinds } from "./table-kinds.js";

/** What stands between this server and a distributed schema; empty: nothing. */
export type Distribution = { readonly statements: readonly string[]; readonly missing: readonly string[] };

type ForeignKey = { name: string; table: string; references: string; definition: string };

/** Order in which Citus wants them: what is referred to first. */
const order: readonly TableKind[] = ["reference", "local", "distributed"];

/**
 * The statements that distribute the schema of this database over the nodes of its Citus cluster, and what is missing for them. Foreign
 * keys go first and come back last, as tables change their kind one by one; those from a table of the coordinator to a distributed one cannot
 * come back. Tables that have their kind already are left alone: of a distributed database nothing remains to do.
 */
export async function planDistribution(client: ClientBase): Promise<Distribution> {
  const citus = await readCitus(client);
  const tables = await tablesToChange(client, citus.isInstalled);
  if (tables.length === 0) return { statements: [], missing: citus.missing };
  const keys = await foreignKeys(client, new Set(tables));
  const kept = keys.filter(
    (key) => tableKinds[key.table] === "distributed" || tableKinds[key.references] !== "distributed",
  );
  return {
    statements: [
      // Keys to reference tables want one connection a node.
      "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'",
      ...keys.map((key) => `ALTER TABLE ${key.table} DROP CONSTRAINT ${key.name}`),
      ...order.flatMap((kind) => tables.filter((table) => tableKinds[table] === kind).map(toKind)),
      ...kept.map((key) => `ALTER TABLE ${key.table} ADD CONSTRAINT ${key.name} ${key.definition}`),
    ],
    missing: citus.missing,
  };
}

function toKind(table: string): string {
  const kind = tableKinds[table];
  if (kind === "reference") return `SELECT create_reference_table('${table}')`;
  if (kind === "local") return `SELECT citus_add_local_table_to_metadata('${table}')`;
  const colocation = table === "run" ? "none" : "run";
  return `SELECT create_distributed_table('${table}', 'dist_key', colocate_with => '${colocation}')`;
}

async function readCitus(client: ClientBase): Promise<{ isInstalled: boolean; missing: string[] }> {
  const { rows } = await client.query<{
    version: number;
    available: string | null;
    installed: string | null;
    preloaded: boolean;
  }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, 'citus' = ANY(string_to_array(replace(current_setting('shared_preload_libraries'), ' ', ''), ',')) AS preloaded,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'citus') AS available,
       (SELECT extversion FROM pg_extension WHERE extname = 'citus') AS installed`,
  );
  const { version, available, installed, preloaded } = rows[0]!;
  if (available === null)
    return {
      isInstalled: false,
      missing: [
        `The server (PostgreSQL ${version}) has no Citus. Install the package citus for PostgreSQL ${version} on every node; the embedded Postgres cannot have it: set DATABASE_URL to the coordinator.`,
      ],
    };
  const missing: string[] = [];
  if (!preloaded)
    missing.push("Put citus first into shared_preload_libraries in postgresql.conf of every node, and restart them.");
  if (installed === null) missing.push("Run CREATE EXTENSION citus in this database on every node.");
  else missing.push(...(await missingNodes(client)));
  return { isInstalled: installed !== null, missing };
}

async function missingNodes(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ coordinator: boolean; workers: boolean }>(
    `SELECT count(*) FILTER (WHERE groupid = 0) > 0 AS coordinator, count(*) FILTER (WHERE groupid > 0) > 0 AS workers FROM pg_dist_node`,
  );
  const { coordinator, workers } = rows[0]!;
  return [
    ...(coordinator
      ? []
      : ["Tell the coordinator its own address: SELECT citus_set_coordinator_host('<host>', <port>)."]),
    ...(workers ? [] : ["Add the worker nodes: SELECT citus_add_node('<host>', <port>), once for each."]),
  ];
}

/** In the order of their creation, with `run` before what belongs to a run. */
async function tablesToChange(client: ClientBase, hasCitus: boolean): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') ${hasCitus ? "AND NOT EXISTS (SELECT FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)" : ""}
     ORDER BY c.relname <> 'run', c.oid`,
  );
  return rows.map((row) => row.name).filter((name) => name in tableKinds && tableKinds[name] !== "untold");
}

async function foreignKeys(client: ClientBase, tables: ReadonlySet<string>): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT quote_ident(k.conname) AS name, t.relname AS "table", r.relname AS "references", pg_get_constraintdef(k.oid) AS definition
     FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
     JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema()
     WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY t.oid, k.conname`,
  );
  return rows.filter((key) => tables.has(key.table) || tables.has(key.references));
}
