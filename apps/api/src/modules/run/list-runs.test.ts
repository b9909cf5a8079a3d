import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test-database.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { countRuns, listRuns } from "./list-runs.js";
import { newestRuns, runListOf } from "./query/run-list.js";
import { Run } from "./run.entity.js";

let database: TestDatabase;
let seeded: Seed;
let ids: string[];

beforeAll(async () => {
  database = await openTestDatabase();
  seeded = await seed(database);
  ids = await queueTestRuns(database, seeded, 25);
  // Names and accuracies in an order of their own; every fifth has no accuracy, some are equal, all were made in one instant.
  for (const [i, id] of ids.entries()) {
    await database.pool.query("UPDATE run SET name = $2, tags = $3, architecture = $4 WHERE id = $1", [
      id,
      `run ${(i * 7) % 25} 100%`,
      i % 2 ? ["odd"] : [],
      i % 4 ? "resnet18" : null,
    ]);
    if (i % 5 !== 0) await logAccuracy(id, (i % 4) / 10);
  }
});
afterAll(() => database.close());

const logAccuracy = (id: string, value: number) =>
  database.pool.query(
    `INSERT INTO metric_series (dist_key, run_id, key, points, first_step, last_step, last, min, max, direction, best, best_step, arrival, stale)
     VALUES ($1, $2, 'val/accuracy', 1, 1, 1, $3, $3, $3, 1, $3, 1, 1, false)
     ON CONFLICT (dist_key, run_id, key) DO UPDATE SET best = excluded.best`,
    [seeded.project.distKey, id, value],
  );

const listOf = (filter: string, orderBy = "-createdAt", isTrash = false) =>
  runListOf(seeded.project.distKey, filter, orderBy, isTrash);
const page = (filter: string, orderBy: string, first: number, after?: string | null) =>
  listRuns(database, listOf(filter, orderBy), first, after);

async function walk(orderBy: string, first: number, filter = ""): Promise<Run[]> {
  const runs: Run[] = [];
  let after: string | null = null;
  for (;;) {
    const { nodes, pageInfo } = await page(filter, orderBy, first, after);
    runs.push(...nodes);
    if (!pageInfo.hasNextPage) return runs;
    after = pageInfo.endCursor;
  }
}

describe("pages", () => {
  test.each([
    "-createdAt",
    "createdAt",
    "name",
    "-name",
    "id",
    "status",
    "-architecture",
    "experiment,-name",
    "duration",
    "gap",
    "-speed",
    "-val/accuracy@best",
    "val/accuracy@best",
    "val/accuracy@last",
    "-val/accuracy@best,name",
    "val/accuracy@best,-architecture,name",
    "-config.seed",
    "config.optimizer",
    "-config.optimizer,-config.seed",
    "config.nowhere",
    "-config.list.-1,config.seed",
    "architecture,-val/accuracy@max,config.seed",
  ])("of any size show every run once and in one order: %s", async (orderBy) => {
    const whole = (await walk(orderBy, 100)).map(({ id }) => id);
    expect(new Set(whole)).toEqual(new Set(ids));
    for (const size of [1, 4, 25]) expect((await walk(orderBy, size)).map(({ id }) => id)).toEqual(whole);
    const filtered = whole.filter((id) => ids.indexOf(id) % 2 === 1);
    expect((await walk(orderBy, 3, "tag = odd")).map(({ id }) => id)).toEqual(filtered);
  });

  test("are in the order that was asked for, runs without a value last both ways", async () => {
    const order = async (orderBy: string) => (await walk(orderBy, 7)).map(({ id }) => ids.indexOf(id));
    const index = [...ids.keys()];
    expect(await order("createdAt")).toEqual(index);
    expect(await order("-createdAt")).toEqual([...index].reverse());
    const number = (i: number) => (i * 7) % 25;
    expect(await order("name")).toEqual([...index].sort((a, b) => number(a) - number(b)));
    const accuracy = (i: number) => (i % 5 === 0 ? null : i % 4);
    const present = (sorted: number[]) => sorted.map(accuracy).filter((value) => value !== null);
    for (const [orderBy, sign] of [
      ["-val/accuracy@best", -1],
      ["val/accuracy@best", 1],
    ] as const) {
      const sorted = await order(orderBy);
      expect(present(sorted)).toEqual(present(index).sort((a, b) => sign * (a - b)));
      expect(sorted.slice(20).every((i) => accuracy(i) === null)).toBe(true);
    }
    const twofold = await order("-val/accuracy@best,name");
    const byHand = [...index].sort((a, b) => (accuracy(b) ?? -1) - (accuracy(a) ?? -1) || number(a) - number(b));
    expect(twofold).toEqual(byHand);
    expect(await order("-config.seed")).toEqual([...index].reverse());
    expect((await order("-architecture")).slice(18).every((i) => i % 4 === 0)).toBe(true);
  });

  test("shift by nothing when runs are added or trashed, and a run whose value changes is not shown twice", async () => {
    const first = await page("", "-createdAt", 10);
    const [added] = await queueTestRuns(database, seeded, 1);
    const second = await page("", "-createdAt", 10, first.pageInfo.endCursor);
    expect(second.nodes.map(({ id }) => id)).toEqual([...ids].reverse().slice(10, 20));
    await database.pool.query("UPDATE run SET trashed_at = now() WHERE id = $1", [added]);

    const best = await page("", "-val/accuracy@best", 8);
    const seen = best.nodes.map(({ id }) => id);
    await logAccuracy(seen[7]!, 0.99);
    const rest: string[] = [];
    for (let after = best.pageInfo.endCursor, hasNext = true; hasNext; ) {
      const next = await page("", "-val/accuracy@best", 8, after);
      rest.push(...next.nodes.map(({ id }) => id));
      ({ endCursor: after, hasNextPage: hasNext } = next.pageInfo);
    }
    expect([...seen, ...rest].sort()).toEqual([...ids].sort());
    await logAccuracy(seen[7]!, (ids.indexOf(seen[7]!) % 4) / 10);
  });

  test.each([
    ["first", 0, undefined],
    ["first", 1_001, undefined],
    ["after", 10, "nonsense"],
    ["after", 10, Buffer.from("[1]").toString("base64url")],
    ["after", 10, Buffer.from('["x"; DROP TABLE run]').toString("base64url")],
  ])("of a wrong %s are refused", async (field, first, after) => {
    await expect(page("", "-createdAt", first, after)).rejects.toMatchObject({
      extensions: { code: "BAD_INPUT", field },
    });
  });

  test("of a cursor that belongs to another query, order, project or to the trash are refused, as are values of another type", async () => {
    const { endCursor } = (await page("tag = odd", "name", 2)).pageInfo;
    const refused = { extensions: { code: "BAD_INPUT", field: "after" } };
    await expect(page("tag = even", "name", 2, endCursor)).rejects.toMatchObject(refused);
    await expect(page("tag = odd", "-name", 2, endCursor)).rejects.toMatchObject(refused);
    await expect(listRuns(database, listOf("tag = odd", "name", true), 2, endCursor)).rejects.toMatchObject(refused);
    const other = runListOf((await seed(database)).project.distKey, "tag = odd", "name", false);
    await expect(listRuns(database, other, 2, endCursor)).rejects.toMatchObject(refused);
    const [binding] = JSON.parse(Buffer.from(endCursor!, "base64url").toString()) as string[];
    for (const forged of [
      [binding, 0, 1, 2],
      [binding, 7, "a", "b"],
      [binding, 0, "a"],
      [binding, 0, null, "b"],
    ]) {
      const after = Buffer.from(JSON.stringify(forged)).toString("base64url");
      await expect(page("tag = odd", "name", 2, after)).rejects.toMatchObject(refused);
    }
    // Written otherwise, the same query is the same list.
    expect((await page("(tags == odd)", "name", 2, endCursor)).nodes).toHaveLength(2);
  });
});

test("a query is refused with the place of its mistake and what was meant", () => {
  expect(() => listOf("architeture = resnet50")).toThrow("Did you mean architecture?");
  expect(() => listOf("status = RUNING")).toThrow(
    expect.objectContaining({
      extensions: expect.objectContaining({
        code: "BAD_INPUT",
        field: "filter",
        offset: 9,
        length: 6,
        suggestion: "RUNNING",
      }),
    }),
  );
  expect(() => listOf("", "naem")).toThrow("At column 1 of orderBy. Did you mean name?");
});

test("runs are counted up to a bound, whichever way they are found", async () => {
  expect(await countRuns(database, listOf(""), 1_000)).toBe(25);
  expect(await countRuns(database, listOf("tag = odd"), 1_000)).toBe(12);
  expect(await countRuns(database, listOf("tag = odd"), 10)).toBe(11);
  expect(await countRuns(database, listOf("name !~ 'x' and config.seed < 10"), 1_000)).toBe(10);
  expect(await countRuns(database, listOf("", "-createdAt", true), 1_000)).toBe(1);
});

test("a page of 1,000 runs takes one statement, in a list without a filter", async () => {
  await queueTestRuns(database, seeded, 1_000);
  const statements: unknown[] = [];
  const pool = Object.create(database.pool, {
    query: { value: (statement: { text: string }) => statements.push(statement) && database.pool.query(statement) },
  });
  const list = newestRuns(seeded.project.distKey);
  const db = Object.create(database.db, { query: { value: () => expect.unreachable() } });
  expect((await listRuns({ db, pool }, list, 1_000)).nodes).toHaveLength(1_000);
  expect(statements).toHaveLength(1);
});

test("a listed run is what the entity manager reads of it, column by column", async () => {
  await database.pool.query(
    `UPDATE run SET progress = '{"epoch": 1}', started_at = now(), measured_memory_bytes = 9007199254740991, config = '{"a": [1, null]}' WHERE id = $1`,
    [ids[3]],
  );
  const { nodes } = await page("", "-createdAt", 25);
  for (const node of nodes)
    expect(node).toStrictEqual(await database.db.getRepository(Run).findOneByOrFail({ id: node.id }));
});
