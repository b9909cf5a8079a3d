import "reflect-metadata";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../test-database.js";
import { distribute } from "./distribute.js";
import { tableKinds } from "./table-kinds.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

// On a Citus cluster the database is distributed already.
const onOneServer = it.skipIf(inject("citusNodes").length > 0);

const foreignKeys = async () => {
  const { rows } = await database.pool.query<{ key: string }>(
    `SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE contype = 'f' ORDER BY 1`,
  );
  return rows.map((row) => row.key);
};

onOneServer("says of a server without Citus what is missing, and changes nothing", async () => {
  const before = await foreignKeys();
  const { missing } = await distribute(database.pool, { dryRun: false });
  expect(missing).toEqual([expect.stringMatching(/has no Citus. Install the package citus for PostgreSQL \d+/)]);
  expect(await foreignKeys()).toEqual(before);
});

onOneServer(
  "gives every table its kind: referenced ones first, then the coordinator's, then run and what belongs to it",
  async () => {
    const { statements } = await distribute(database.pool, { dryRun: true });
    const calls = statements.flatMap((sql) => /SELECT (\w+)\('(\w+)'/.exec(sql)?.slice(1, 3).join(" ") ?? []);
    expect(calls.slice(0, 3)).toEqual(
      ["project", "experiment", "dataset"].map((name) => `create_reference_table ${name}`),
    );
    expect(calls).toContain("citus_add_local_table_to_metadata job");
    const distributed = calls.filter((call) => call.startsWith("create_distributed_table"));
    expect(distributed[0]).toBe("create_distributed_table run");
    expect(calls.indexOf(distributed[0]!)).toBe(calls.length - distributed.length);
    const tables = Object.keys(tableKinds).filter((name) => tableKinds[name] === "distributed");
    expect(distributed.map((call) => call.split(" ")[1]).sort()).toEqual(
      (
        await database.pool.query<{ name: string }>(
          "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname = ANY($1)",
          [tables],
        )
      ).rows
        .map((row) => row.name)
        .sort(),
    );
  },
);

// Functions of Citus' names stand in for it: what they would do is tested where RESIDUAL_TEST_CITUS names a cluster, the statements around them here.
onOneServer(
  "runs as one transaction, after which every foreign key is back but that of the queue to the runs",
  async () => {
    const before = await foreignKeys();
    const { statements } = await distribute(database.pool, { dryRun: true });
    await database.pool.query(`
    CREATE FUNCTION create_reference_table(regclass) RETURNS void LANGUAGE sql AS '';
    CREATE FUNCTION citus_add_local_table_to_metadata(regclass) RETURNS void LANGUAGE sql AS '';
    CREATE FUNCTION create_distributed_table(regclass, text, colocate_with text) RETURNS void LANGUAGE sql AS ''`);
    await database.pool.query(`BEGIN; ${statements.join("; ")}; COMMIT`);
    const after = await foreignKeys();
    expect(before.filter((key) => !after.includes(key))).toEqual([
      "job FOREIGN KEY (dist_key, run_id) REFERENCES run(dist_key, id)",
    ]);
    expect(after.filter((key) => !before.includes(key))).toEqual([]);
  },
);
