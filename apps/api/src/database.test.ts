import "reflect-metadata";
import { afterAll, beforeAll, expect, test } from "vitest";
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
