import "reflect-metadata";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { queueTestRuns, type Seed, seed } from "../../test-seed.js";
import { claimJob } from "./claim-job.js";

let api: TestApi;
let seeded: Seed;
let run: string;
let input: Record<string, unknown>;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  seeded = await seed(api.database, { workers: 2 });
  [run] = (await queueTestRuns(api.database, seeded, 1)) as [string];
  const claimed = (await claimJob(api.database.pool, seeded.workers[0]!, ["TRAIN_RUN"]))!;
  const values = { before: 1, after: 2 };
  const sentence = { key: "notice.outOfMemory", values, text: "The batch is computed in 2 parts." };
  input = {
    ...{ job: claimed.jobId, leaseGeneration: claimed.leaseGeneration },
    ...{ step: 12, kind: "OUT_OF_MEMORY", ...sentence },
  };
});
afterAll(() => api.close());

const add =
  "mutation ($i: AddRunNoticeInput!) { addRunNotice(input: $i) { step kind createdAt message { key values text } } }";
type Added = { addRunNotice: { step: number } };
const notices = async () =>
  (
    await api.ask<{ run: { notices: unknown[] } }>(
      "query ($id: ID!) { run(id: $id) { notices { step kind createdAt message { key values text } } } }",
      { id: run },
    )
  ).run.notices;

describe("what a training met with is kept with its run", () => {
  test("once, in the order in which it came, and told to those who follow", async () => {
    const updates = await api.follow("subscription ($p: String!) { runUpdates(project: $p) { run { id } change } }", {
      p: seeded.project.id,
    });
    const first = await api.ask<Added>(add, { i: input });
    expect(first.addRunNotice).toMatchObject({
      step: 12,
      kind: "OUT_OF_MEMORY",
      message: { key: "notice.outOfMemory", values: { before: 1, after: 2 } },
    });
    expect(await api.ask(add, { i: input })).toEqual(first);
    const second = await api.ask<Added>(add, { i: { ...input, values: { before: 2, after: 4 } } });
    expect(await notices()).toEqual([first.addRunNotice, second.addRunNotice]);
    expect((await updates.next()).value.data.runUpdates).toEqual({ run: { id: run }, change: "NOTICE" });
    await updates.return!();
  });

  test("not again when a later worker finds the same, and not from one that lost its lease", async () => {
    await api.ask(add, { i: input });
    await api.database.pool.query("UPDATE job SET lease_until = now() - interval '1 second'");
    const { leaseGeneration } = (await claimJob(api.database.pool, seeded.workers[1]!, ["TRAIN_RUN"]))!;
    await api.ask(add, { i: { ...input, leaseGeneration } });
    expect(await api.refusal(add, { i: { ...input, step: 13 } })).toMatchObject({ code: "FENCED" });
    expect(await notices()).toHaveLength(1);
  });

  test("within limits that its page can show", async () => {
    const refused = (more: object) => api.refusal(add, { i: { ...input, ...more } });
    expect(await refused({ key: "a key" })).toMatchObject({ code: "BAD_INPUT", field: "key" });
    expect(await refused({ text: "" })).toMatchObject({ field: "text", limit: [1, 4_000] });
    expect(await refused({ values: ["x"] })).toMatchObject({ field: "values" });
    expect(await refused({ values: { files: { a: 1 } } })).toMatchObject({ field: "values.files" });
    expect(await refused({ values: { files: "x".repeat(1_001) } })).toMatchObject({ field: "values.files" });
    await api.database.pool.query(
      `INSERT INTO run_notice (dist_key, run_id, step, kind, message)
       SELECT $1, $2, step, 'DIVERGED', '{}' FROM generate_series(1, 1000) AS step`,
      [seeded.project.distKey, run],
    );
    expect(await refused({})).toMatchObject({ field: "job", limit: [0, 1_000] });
  });
});
