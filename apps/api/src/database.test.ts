import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "./database.js";
import { openTestDatabase, type TestDatabase } from "./test-database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test("the migrations make exactly the columns that the entities declare", async () => {
  for (const entity of database.db.entityMetadatas) {
    const { rows } = await database.pool.query(
      "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = $1",
      [entity.tableName],
    );
    const made = rows.map((row) => [row.column_name, row.data_type, row.is_nullable === "YES"]);
    const declared = entity.columns.map((column) => {
      const type = column.isArray ? "ARRAY" : column.type === "timestamptz" ? "timestamp with time zone" : column.type;
      return [column.databaseName, type, column.isNullable];
    });
    expect(made.sort(), entity.tableName).toEqual(declared.sort());
  }
});

test("a bigint arrives as a number", async () => {
  const { rows } = await database.pool.query("SELECT 9007199254740991::bigint AS step");
  expect(rows[0].step).toBe(Number.MAX_SAFE_INTEGER);
});

describe("at the start", () => {
  test("a database that is away is waited for, and the log says so", async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    let said = (_line: string) => {};
    const complaint = new Promise<string>((resolve) => {
      said = resolve;
    });
    const opening = openDatabase(database.url, said);
    expect(await complaint).toMatch(/does not answer.*DATABASE_URL/);
    await database.administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await (await opening).close();
  });

  test("a wrong password is no reason to wait", async () => {
    const url = new URL(database.url);
    url.password = "wrong";
    await expect(openDatabase(url.href, () => {})).rejects.toThrow(/password/);
  });

  test("several processes may migrate the same database at once", async () => {
    const name = `empty_${process.pid}`;
    await database.administer(`CREATE DATABASE ${name}`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase(url.href, () => {})));
    const { rows } = await opened[0]!.pool.query("SELECT count(*) = count(DISTINCT name) AS once FROM migrations");
    expect(rows).toEqual([{ once: true }]);
    for (const { close } of opened) await close();
    await database.administer(`DROP DATABASE ${name}`);
  });
});
