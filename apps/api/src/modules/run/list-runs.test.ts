import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { listRuns } from "./list-runs.js";
import type { Run } from "./run.entity.js";
import type { RunFilterInput, RunOrder } from "./run.input.js";

let database: TestDatabase;
let seeded: Seed;
let ids: string[];

beforeAll(async () => {
  database = await openTestDatabase();
  seeded = await seed(database);
  ids = await queueTestRuns(database, seeded, 25);
  // Names and accuracies in an order of their own; every fifth has no accuracy, some are equal, all were made in one instant.
  for (const [i, id] of ids.entries()) {
    await database.pool.query("UPDATE run SET name = $2, tags = $3 WHERE id = $1", [
      id,
      `run ${(i * 7) % 25} 100%`,
      i % 2 ? ["odd"] : [],
    ]);
    if (i % 5 === 0) continue;
    await database.pool.query(
      `INSERT INTO metric_series (dist_key, run_id, key, points, first_step, last_step, last, direction, best, best_step, arrival, stale)
       VALUES ($1, $2, 'val/accuracy', 1, 1, 1, 0.5, 1, $3, 1, 1, false)`,
      [seeded.project.distKey, id, (i % 4) / 10],
    );
  }
});
afterAll(() => database.close());

const list = (filter: Partial<RunFilterInput>, order: RunOrder, first: number, after?: string | null) =>
  listRuns(
    database.db,
    { projectId: seeded.project.id, filter: { trashed: false, ...filter }, among: null },
    order,
    first,
    after,
  );

async function walk(order: RunOrder, first: number): Promise<Run[]> {
  const runs: Run[] = [];
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = await list({}, order, first, after);
    runs.push(...nodes);
    if (!pageInfo.hasNextPage) return runs;
    after = pageInfo.endCursor;
  }
}

describe("pages", () => {
  test.each(["CREATED_DESC", "CREATED_ASC", "NAME_ASC", "BEST_VAL_ACCURACY_DESC"] as const)(
    "of any size show every run once and in one order: %s",
    async (order) => {
      const whole = (await walk(order, 100)).map(({ id }) => id);
      expect(new Set(whole)).toEqual(new Set(ids));
      for (const size of [1, 4, 25]) expect((await walk(order, size)).map(({ id }) => id)).toEqual(whole);
    },
  );

  test("are in the order that was asked for", async () => {
    expect((await walk("CREATED_ASC", 7)).map(({ id }) => id)).toEqual(ids);
    expect((await walk("CREATED_DESC", 7)).map(({ id }) => id)).toEqual([...ids].reverse());
    const names = (await walk("NAME_ASC", 7)).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const accuracies = (await walk("BEST_VAL_ACCURACY_DESC", 7)).map(({ id }) => {
      const i = ids.indexOf(id);
      return i % 5 === 0 ? -1 : i % 4;
    });
    expect(accuracies).toEqual([...accuracies].sort((a, b) => b - a));
  });

  test("shift by nothing when runs are added meanwhile", async () => {
    const first = await list({}, "CREATED_DESC", 10);
    const [added] = await queueTestRuns(database, seeded, 1);
    const second = await list({}, "CREATED_DESC", 10, first.pageInfo.endCursor);
    expect(second.nodes.map(({ id }) => id)).toEqual([...ids].reverse().slice(10, 20));
    await database.pool.query("UPDATE run SET trashed_at = now() WHERE id = $1", [added]);
  });

  test.each([
    ["first", 0, undefined],
    ["first", 1_001, undefined],
    ["after", 10, "nonsense"],
    ["after", 10, Buffer.from("[1]").toString("base64url")],
    ["after", 10, Buffer.from('["x"; DROP TABLE run]').toString("base64url")],
  ])("of a wrong %s are refused", async (field, first, after) => {
    await expect(list({}, "CREATED_DESC", first, after)).rejects.toMatchObject({
      extensions: { code: "BAD_INPUT", field },
    });
  });
});

describe("filters", () => {
  test.each<[string, Partial<RunFilterInput>, number]>([
    ["status", { statuses: ["QUEUED"] }, 25],
    ["no status", { statuses: [] }, 0],
    ["architecture", { architectures: ["resnet50"] }, 0],
    ["tag", { tags: ["odd"] }, 12],
    ["name, whatever its case", { nameContains: "RUN 1" }, 11],
    ["percent signs as themselves", { nameContains: "0%" }, 25],
    ["quotes as themselves", { nameContains: "'; DROP TABLE run; --" }, 0],
    ["an experiment that does not exist", { experiment: "exp_none" }, 0],
    ["trash", { trashed: true }, 1],
  ])("by %s: %j", async (_, filter, count) => {
    expect(await list(filter, "CREATED_DESC", 100)).toMatchObject({ totalCount: count });
  });
});

test("a page of 1,000 runs takes three statements", async () => {
  await queueTestRuns(database, seeded, 1_000);
  const statements: string[] = [];
  const counting = Object.create(database.db, {
    query: { value: (sql: string, values: unknown[]) => statements.push(sql) && database.db.query(sql, values) },
  });
  const selection = { projectId: seeded.project.id, filter: { trashed: false }, among: null };
  expect((await listRuns(counting, selection, "BEST_VAL_ACCURACY_DESC", 1_000)).nodes).toHaveLength(1_000);
  // The third loads the rows through the repository.
  expect(statements).toHaveLength(2);
});
