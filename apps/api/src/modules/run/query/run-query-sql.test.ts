import "reflect-metadata";
import { matchesRunQuery, parseRunQuery, printRunQuery, type QueriedRun, type RunQuery } from "@residual/shared";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../../test-database.js";
import { type Seed, seed } from "../../../test-seed.js";
import { insertQueriedRuns, randomRuns, runQueries } from "./queried-runs.fixture.js";
import { newestRuns } from "./run-list.js";
import { RunListStatements } from "./statements.js";

const now = Date.parse("2026-11-06T12:00:00Z");

let database: TestDatabase;
let seeded: Seed;
let runs: QueriedRun[];

beforeAll(async () => {
  database = await openTestDatabase();
  seeded = await seed(database);
  runs = randomRuns(120, seeded);
  await insertQueriedRuns(database.pool, seeded, runs);
});
afterAll(() => database.close());

/** The ids that SQL finds, by reading the list, through every list of candidates, and within a first part of the list. */
async function found(query: RunQuery): Promise<string[][]> {
  const list = { ...newestRuns(seeded.project.distKey), query };
  const statements = new RunListStatements(list, now);
  const segment = statements.segments[0]!;
  const ways = [
    statements.page(segment, null, 1_000, null),
    statements.page(segment, null, 1_000, 500),
    ...statements.candidates.map((candidates) => statements.pageOfCandidates(segment, null, 1_000, candidates)),
  ];
  const answers: string[][] = [];
  for (const way of ways) {
    const { rows } = await database.pool.query<{ id: string }>(way);
    answers.push(rows.map(({ id }) => id).sort());
  }
  return answers;
}

const expected = (query: RunQuery) =>
  runs
    .filter((run) => matchesRunQuery(query, run, now))
    .map(({ id }) => id)
    .sort();

test("SQL finds the runs that the definition of the language finds, for random runs and random queries, whichever way it comes at them", async () => {
  await fc.assert(
    fc.asyncProperty(runQueries(), async (query) => {
      const wanted = expected(query);
      for (const ids of await found(query)) expect(ids, printRunQuery(query)).toEqual(wanted);
    }),
    { numRuns: 500 },
  );
}, 60_000);

describe("hostile words are only ever values", () => {
  const words = [
    "'; DROP TABLE run; --",
    '"',
    "\\",
    "%",
    "_",
    "$1",
    "$1::text",
    "') OR true --",
    "{a,b}",
    "\u202e",
    "NULL",
  ];
  test.each(words)("%s", async (word) => {
    const quoted = JSON.stringify(word).replace("\\u202e", "\u202e");
    for (const text of [
      `name = ${quoted}`,
      `name ~ ${quoted} or tag ~ ${quoted} or notes ~ ${quoted}`,
      `tag in (${quoted}, "x")`,
      `experiment = ${quoted} or dataset ~ ${quoted}`,
      `config.${quoted} = ${quoted} or config.a.${quoted} > 1`,
      `${quoted}@best > 1 and ${quoted}@last != null`,
    ]) {
      const { query, problem } = parseRunQuery(text);
      expect(problem, text).toBeNull();
      for (const ids of await found(query!)) expect(ids, text).toEqual(expected(query!));
    }
    const { rows } = await database.pool.query("SELECT count(*)::int AS count FROM run");
    expect(rows[0]).toEqual({ count: 120 });
  });
});
