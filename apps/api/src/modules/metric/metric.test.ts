import "reflect-metadata";
import { float64ColumnFromBase64 } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { supersede } from "./supersede.js";
import { insertTestRun, insertTestRuns, type TestRun } from "./test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const logQuery =
  "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { writer ackedSeq points duplicate } }";
type Values = Record<string, (number | string | null)[]>;

function input(run: TestRun, seq: number, steps: number[], values: Values, more: Record<string, unknown> = {}) {
  return { input: { run: run.id, writer: "script", seq, frame: { steps, values }, ...more } };
}

const log = (...args: Parameters<typeof input>) => api.ask<{ logMetrics: unknown }>(logQuery, input(...args));

describe("a script logs plain JSON", () => {
  it("and gets a receipt, the same when it repeats itself without times of its own", async () => {
    const run = await insertTestRun(api.database.pool);
    const first = await log(run, 1, [0, 1], { "train/loss": [2, 1], "val/loss": [null, "NaN"] });
    expect(first.logMetrics).toEqual({ writer: "script", ackedSeq: 1, points: 3, duplicate: false });
    const again = await log(run, 1, [0, 1], { "train/loss": [2, 1], "val/loss": [null, "NaN"] }, { resendOf: 1 });
    expect(again.logMetrics).toEqual({ writer: "script", ackedSeq: 1, points: 3, duplicate: true });
    const query = `query($id: ID!) { run(id: $id) { integrity { pointsAcknowledged pointsStored framesDuplicated pointsSuperseded } } }`;
    expect(await api.ask(query, { id: run.id })).toEqual({
      run: { integrity: { pointsAcknowledged: 3, pointsStored: 3, framesDuplicated: 1, pointsSuperseded: 0 } },
    });
  });

  it("or is told what is wrong, and nothing is stored", async () => {
    const run = await insertTestRun(api.database.pool);
    const refused = (...args: Parameters<typeof input>) => api.refusal(logQuery, input(...args));
    expect(await refused(run, 0, [0], { a: [1] })).toMatchObject({ code: "BAD_INPUT", field: "seq" });
    expect(await refused(run, 2, [0], { a: [1] })).toMatchObject({ code: "SEQ_GAP", expected: 1 });
    expect(await refused(run, 1, [0], { a: [1] }, { writer: "" })).toMatchObject({ field: "writer" });
    expect(await refused(run, 1, [0], { a: [1] }, { writer: "a\0b" })).toMatchObject({ field: "writer" });
    expect(await refused(run, 1, [0], { a: [1] }, { leaseGeneration: 3 })).toMatchObject({ code: "FENCED" });
    expect(await refused(run, 1, [0], { a: [1] }, { resendOf: 7 })).toMatchObject({ field: "resendOf" });
    expect(await refused(run, 1, [1.5], { a: [1] })).toMatchObject({ code: "BAD_INPUT", field: "steps" });
    expect(await refused({ ...run, id: "run_x" }, 1, [0], { a: [1] })).toMatchObject({ code: "NOT_FOUND" });
    expect((await log(run, 1, [0], {})).logMetrics).toMatchObject({ points: 0, ackedSeq: 1 });
  });
});

describe("the summary of a series", () => {
  const summary = `query($id: ID!) { run(id: $id) { metrics { key count last lastStep min max best bestStep } metric(key: "val/loss") { best } } }`;
  type Summaries = { run: { metrics: Record<string, unknown>[]; metric: { best: number } } };

  it("knows last, extremes and the best in the metric's own direction, and keeps NaN out of them", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1, 2], {
      "val/accuracy": [0.5, 0.9, 0.9],
      "val/loss": [3, 1, "NaN"],
      "train/learning_rate": [1, 2, 3],
    });
    await log(run, 2, [3], { "val/accuracy": [0.7], "val/loss": [2] });
    const { run: seen } = await api.ask<Summaries>(summary, { id: run.id });
    expect(seen.metrics).toEqual([
      { key: "train/learning_rate", count: 3, last: 3, lastStep: 2, min: 1, max: 3, best: null, bestStep: null },
      { key: "val/accuracy", count: 4, last: 0.7, lastStep: 3, min: 0.5, max: 0.9, best: 0.9, bestStep: 1 },
      { key: "val/loss", count: 4, last: 2, lastStep: 3, min: 1, max: 3, best: 1, bestStep: 1 },
    ]);
    expect(seen.metric.best).toBe(1);
  });

  it("counts a step once that was logged again, and forgets what a takeover superseded", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1, 2], { "val/loss": [3, 0.1, 2] });
    await log(run, 2, [1], { "val/loss": [2.5] });
    const only = async () => (await api.ask<Summaries>(summary, { id: run.id })).run.metrics[0];
    expect(await only()).toEqual({
      key: "val/loss",
      count: 3,
      last: 2,
      lastStep: 2,
      min: 2,
      max: 3,
      best: 2,
      bestStep: 2,
    });
    // Made anew once and put back: the second look asks no points.
    const { rows } = await api.database.pool.query("SELECT stale, points FROM metric_series WHERE run_id = $1", [
      run.id,
    ]);
    expect(rows).toEqual([{ stale: false, points: 3 }]);
    const client = await api.database.pool.connect();
    await client.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
    await api.app.supersede(client, run, 1, 1);
    client.release();
    expect(await only()).toMatchObject({ count: 2, last: 2.5, lastStep: 1, best: 2.5 });
    const query = `query($id: ID!) { run(id: $id) { integrity { pointsAcknowledged pointsStored pointsSuperseded } } }`;
    expect(await api.ask(query, { id: run.id })).toEqual({
      run: { integrity: { pointsAcknowledged: 4, pointsStored: 4, pointsSuperseded: 2 } },
    });
  });
});

describe("series of many runs", () => {
  it("come in one request as columns, or as objects where few are asked for", async () => {
    const runs = await insertTestRuns(api.database.pool, 3);
    for (const [i, run] of runs.entries()) await log(run, 1, [0, 1], { a: [i, 10 + i], b: [1, "Infinity"] });
    const query = `query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["a", "b", "c"]) { run key count exact step value min points { step value } } }`;
    const { metricSeries } = await api.ask<{
      metricSeries: { run: string; key: string; value: string; points: unknown[] }[];
    }>(query, {
      runs: runs.map(({ id }) => id),
    });
    expect(metricSeries.map(({ run, key }) => [run, key])).toEqual(
      runs.flatMap(({ id }) => [
        [id, "a"],
        [id, "b"],
      ]),
    );
    expect([...float64ColumnFromBase64(metricSeries[2]!.value)]).toEqual([1, 11]);
    expect(metricSeries[1]!.points).toEqual([
      { step: 0, value: 1 },
      { step: 1, value: "Infinity" },
    ]);
    const nested = await api.ask<{ a: unknown; b: { series: unknown[] } }>(
      `{ a: run(id: "${runs[0]!.id}") { series(keys: ["a"]) { count } } b: run(id: "${runs[1]!.id}") { series(keys: ["a"], maxPoints: 2) { count } } }`,
    );
    expect(nested).toEqual({ a: { series: [{ count: 2 }] }, b: { series: [{ count: 2 }] } });
  });

  it("within bounds that a client is told", async () => {
    const run = await insertTestRun(api.database.pool);
    const query =
      "query($runs: [ID!]!, $keys: [String!]!, $maxPoints: Int!) { metricSeries(runs: $runs, keys: $keys, maxPoints: $maxPoints) { key } }";
    const refused = (runs: string[], keys: string[], maxPoints: number) =>
      api.refusal(query, { runs, keys, maxPoints });
    expect(await refused([], ["a"], 10)).toMatchObject({ field: "runs", limit: [1, 10_000] });
    expect(await refused([run.id], ["a"], 1)).toMatchObject({ field: "maxPoints", limit: [2, 100_000] });
    expect(await refused([run.id], Array(101).fill("a"), 10)).toMatchObject({ field: "keys" });
    expect(await refused([run.id], ["a".repeat(257)], 10)).toMatchObject({ field: "keys" });
    expect(await refused([run.id], Array(100).fill("a"), 100_000)).toMatchObject({
      field: "maxPoints",
      limit: 5_000_000,
    });
    const alias = (i: number) =>
      `a${i}: run(id: "${run.id}") { series(keys: ["a", "b", "c", "d", "e"], maxPoints: 100000) { key } }`;
    expect(await api.refusal(`{ ${Array.from({ length: 11 }, (_, i) => alias(i)).join(" ")} }`)).toMatchObject({
      field: "maxPoints",
      limit: 5_000_000,
    });
  });
});

describe("live metrics over GraphQL", () => {
  it("bring columns with a cursor that goes on after a reconnect", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1], { a: [1, 2] });
    const query = `subscription($runs: [ID!]!, $after: String) { metricUpdates(runs: $runs, after: $after) { run cursor replayed supersededAfter series { key count exact value } } }`;
    type Update = { cursor: string; replayed: boolean; series: { value: string }[] };
    const next = async (updates: AsyncIterator<unknown>) => {
      const { value } = (await updates.next()) as { value: { data: { metricUpdates: Update } } };
      return value.data.metricUpdates;
    };
    const first = await api.follow(query, { runs: [run.id], after: "0" });
    const replay = await next(first);
    expect(replay).toMatchObject({
      run: run.id,
      replayed: true,
      supersededAfter: null,
      series: [{ key: "a", count: 2, exact: true }],
    });
    await first.return!();
    await log(run, 2, [2], { a: [3] });
    const second = await api.follow(query, { runs: [run.id], after: replay.cursor });
    expect([...float64ColumnFromBase64((await next(second)).series[0]!.value)]).toEqual([3]);
    await log(run, 3, [3], { a: [4] });
    expect(await next(second)).toMatchObject({ replayed: false, series: [{ count: 1 }] });
    await second.return!();
  });
});

describe("a series that is asked for again", () => {
  type Answer = { metricSeries: { etag: string | null; unchanged: boolean; count: number; value: string }[] };
  const query = `query($runs: [ID!]!, $have: [String!], $keep: KeepPoints, $attempt: Int, $to: Step, $maxPoints: Int) {
    metricSeries(runs: $runs, keys: ["a"], have: $have, keep: $keep, attempt: $attempt, to: $to, maxPoints: $maxPoints) {
      etag unchanged count value } }`;
  const ask = async (run: TestRun, more: Record<string, unknown> = {}) =>
    (await api.ask<Answer>(query, { runs: [run.id], ...more })).metricSeries[0]!;

  it("comes without columns to a client that has it, and with them once it changed", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1], { a: [1, 2] });
    const { etag } = await ask(run);
    expect((await ask(run)).etag).toBe(etag);
    expect(await ask(run, { have: ["other", etag] })).toEqual({ etag: null, unchanged: true, count: 2, value: "" });
    await log(run, 2, [2], { a: [3] });
    const changed = await ask(run, { have: [etag] });
    expect(changed).toMatchObject({ unchanged: false, count: 3 });
    expect(changed.etag).not.toBe(etag);
  });

  it("costs no look at its points where nothing came since", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1], { a: [1, 2] });
    const { etag } = await ask(run);
    await api.database.pool.query("UPDATE metric_frame SET frame = '\\x00' WHERE run_id = $1", [run.id]);
    await expect(ask(run)).rejects.toThrow("damaged");
    expect(await ask(run, { have: [etag] })).toMatchObject({ unchanged: true, count: 2 });
  });

  it("is known by an etag of the same range and width only", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1, 2], { a: [1, 2, 3] });
    const { etag } = await ask(run, { to: 1 });
    expect(await ask(run, { to: 2, have: [etag] })).toMatchObject({ unchanged: false, count: 3 });
    expect(await ask(run, { to: 1, maxPoints: 2, have: [etag] })).toMatchObject({ unchanged: true, count: 2 });
    expect(await ask(run, { to: 2, maxPoints: 2, have: [etag] })).toMatchObject({ unchanged: false, count: 3 });
  });

  it("stays known where a run goes on behind the range, and no longer where a late frame comes into it", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0, 1, 5], { a: [1, 2, 3] });
    const { etag } = await ask(run, { to: 5 });
    await log(run, 2, [6], { a: [4] });
    expect(await ask(run, { to: 5, have: [etag] })).toMatchObject({ unchanged: true, count: 3 });
    await log(run, 3, [3], { a: [9] });
    expect(await ask(run, { to: 5, have: [etag] })).toMatchObject({ unchanged: false, count: 4 });
  });

  it("is asked for in full where what is said to be had was never an etag", async () => {
    const run = await insertTestRun(api.database.pool);
    await log(run, 1, [0], { a: [1] });
    const { etag } = await ask(run);
    const [version, content] = etag!.split(".");
    for (const text of ["", "...", `${version}.${content}.NaN.1`, `${version}.${content}.1.2`, `${etag}.1`, "other"])
      expect(await ask(run, { have: [text] }), text).toMatchObject({ unchanged: false, etag });
  });

  it("with keep: ALL has what was replaced, and with an attempt what a resumed run superseded", async () => {
    const run = await insertTestRun(api.database.pool);
    const values = async (more: Record<string, unknown>) => [...float64ColumnFromBase64((await ask(run, more)).value)];
    await log(run, 1, [0, 1, 2, 1], { a: [1, 2, 3, 4] });
    expect(await values({})).toEqual([1, 4, 3]);
    expect(await values({ keep: "ALL" })).toEqual([1, 2, 4, 3]);
    const client = await api.database.pool.connect();
    await client.query("BEGIN");
    await client.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
    await supersede(client, run, 1, 1);
    await client.query("COMMIT");
    client.release();
    await log(run, 1, [2], { a: [9] }, { writer: "second", leaseGeneration: 1 });
    expect(await values({})).toEqual([1, 4, 9]);
    expect(await values({ attempt: 0 })).toEqual([1, 4, 3]);
  });
});
