import "reflect-metadata";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "./test-database.js";
import { isUniqueViolation } from "./unique-violation.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const refusalOf = (sql: string): Promise<unknown> => database.pool.query(sql).catch((error: unknown) => error);

test("a row that is there already is known by the name of its index, on a server alone and on a shard of one", async () => {
  for (const index of ["code_of_part", "code_of_part_102015"]) {
    await database.pool.query(
      `CREATE TABLE part (code integer CHECK (code > 0)); CREATE UNIQUE INDEX ${index} ON part (code)`,
    );
    await database.pool.query("INSERT INTO part VALUES (1)");
    const again = await refusalOf("INSERT INTO part VALUES (1)");
    const wrong = await refusalOf("INSERT INTO part VALUES (0)");
    await database.pool.query("DROP TABLE part");
    expect(isUniqueViolation(again, "code_of_part")).toBe(true);
    expect(isUniqueViolation(again, "code_of")).toBe(false);
    expect(isUniqueViolation(again, "code_of_part_2")).toBe(false);
    expect(isUniqueViolation(wrong, "part_code_check")).toBe(false);
  }
});
