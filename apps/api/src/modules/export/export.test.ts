import "reflect-metadata";
import { tableFromIPC } from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";
import { transaction } from "../../transaction.js";
import { viewerOfApiKey } from "../account/api-key.js";
import { compactRun } from "../metric/compact.js";
import { supersede } from "../metric/supersede.js";
import { incoming, insertTestRuns, type TestRun, testFrame, testTime } from "../metric/test-run.fixture.js";

let api: TestServer;
let origin: string;
let owner: Record<string, string>;
beforeAll(async () => {
  api = await startTestServer();
  origin = new URL(api.url).origin;
  owner = await api.signIn();
});
afterAll(() => api.close());

function get(path: string, headers: Record<string, string> = owner, method = "GET"): Promise<Response> {
  return fetch(`${origin}/export/${path}`, { method, headers });
}

async function bytesOf(path: string, headers?: Record<string, string>): Promise<Uint8Array> {
  const response = await get(path, headers);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function refusalOf(path: string, headers?: Record<string, string>) {
  const response = await get(path, headers);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] };
  return { status: response.status, ...errors[0]!.extensions };
}

type Row = { run: string; name: string; key: string; step: bigint; time: number | Date; value: number };

function log(run: TestRun, seq: number, steps: number[], values: Record<string, number[]>, leaseGeneration = 0) {
  const frame = incoming(run, seq, testFrame(steps, values), { leaseGeneration });
  return api.app.metrics.ingest.log(run.distKey, frame);
}

async function apiKey(scope: string): Promise<Record<string, string>> {
  const { data } = await api.ask(
    "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }",
    { input: { name: "notebook", scopes: [scope] } },
    owner,
  );
  const key = data.createApiKey.key as string;
  if (!(await viewerOfApiKey(api.app.db, key))) throw new Error("The key does not work.");
  return { authorization: `Bearer ${key}` };
}

const query = (runs: TestRun[], more = "") => `?run=${runs.map((run) => run.id).join(",")}${more}`;

describe("the points of many runs, a row a point", () => {
  it("come the same as Arrow, Parquet and CSV: by run as asked, key, step, with NaN, infinities, minus zero and steps above 2^32", async () => {
    const [first, second] = (await insertTestRuns(api.app.pool, 2)) as [TestRun, TestRun];
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
    await log(first, 1, [3, 2, 1, 2 ** 52], { "val/loss": [4, 3, 2, 1], "train/loss": special });
    await log(second, 1, [0], { "val/loss": [0.1] });
    const order = query([second, first]);
    const expected = [
      [second.id, "val/loss", 0n, testTime(0), 0.1],
      [first.id, "train/loss", 1n, testTime(1), Number.NEGATIVE_INFINITY],
      [first.id, "train/loss", 2n, testTime(2), Number.POSITIVE_INFINITY],
      [first.id, "train/loss", 3n, testTime(3), Number.NaN],
      [first.id, "train/loss", 2n ** 52n, "late", -0],
      [first.id, "val/loss", 1n, testTime(1), 2],
      [first.id, "val/loss", 2n, testTime(2), 3],
      [first.id, "val/loss", 3n, testTime(3), 4],
      [first.id, "val/loss", 2n ** 52n, "late", 1],
    ];
    // Of the time of step 2^52 only that it is in order: it is beyond any calendar.
    const plain = ({ run, key, step, time, value }: Row) => [run, key, step, step > 9n ? "late" : Number(time), value];

    const arrow = tableFromIPC(await bytesOf(`series.arrow${order}`));
    expect(arrow.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "run: Dictionary<Int32, Utf8>",
      "name: Dictionary<Int32, Utf8>",
      "key: Dictionary<Int32, Utf8>",
      "step: Int64",
      "time: Timestamp<MICROSECOND, UTC>",
      "value: Float64",
    ]);
    expect(arrow.toArray().map((row) => plain(row.toJSON() as Row))).toEqual(expected);

    const parquet = await parquetReadObjects({ file: (await bytesOf(`series.parquet${order}`)).buffer as ArrayBuffer });
    expect(parquet.map((row) => plain(row as Row))).toEqual(expected);

    const csv = Buffer.from(await bytesOf(`series.csv${order}`))
      .toString()
      .split("\r\n");
    expect(csv.slice(0, 4)).toEqual([
      "run,name,key,step,time,value",
      `${second.id},Test,val/loss,0,2026-01-01T00:00:00.000Z,0.1`,
      `${first.id},Test,train/loss,1,2026-01-01T00:00:01.000Z,-inf`,
      `${first.id},Test,train/loss,2,2026-01-01T00:00:02.000Z,inf`,
    ]);
  });

  it("hold only the keys and steps that were asked for, wherever the points are stored", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    await log(run, 1, [0, 1, 2, 3], { a: [0, 1, 2, 3], b: [0, 1, 2, 3] });
    await compactRun(api.app.pool, run);
    await log(run, 2, [4, 5], { a: [4, 5], b: [4, 5] });
    const table = tableFromIPC(await bytesOf(`series.arrow${query([run], "&key=a&from=2&to=4")}`));
    expect(table.toArray().map((row) => row.toJSON())).toMatchObject([
      { key: "a", value: 2 },
      { key: "a", value: 3 },
      { key: "a", value: 4 },
    ]);
  });

  it("are those of an earlier attempt, or all that were ever logged, where that is asked for", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    await log(run, 1, [0, 1, 2], { a: [0, 1, 2] });
    await api.app.pool.query("UPDATE run SET lease_generation = 1 WHERE id = $1", [run.id]);
    await transaction(api.app.pool, (client) => supersede(client, run, 1, 0));
    await log(run, 2, [1], { a: [9] }, 1);
    const values = async (more: string) =>
      tableFromIPC(await bytesOf(`series.arrow${query([run], more)}`))
        .toArray()
        .map((row) => (row.toJSON() as Row).value);
    expect(await values("")).toEqual([0, 9]);
    expect(await values("&attempt=0")).toEqual([0, 1, 2]);
    expect(await values("&keep=all")).toEqual([0, 1, 9, 2]);
  });

  it("are one table of nothing where there is no point", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    expect(tableFromIPC(await bytesOf(`series.arrow${query([run])}`)).numRows).toBe(0);
    const file = (await bytesOf(`series.parquet${query([run])}`)).buffer as ArrayBuffer;
    expect(await parquetReadObjects({ file })).toEqual([]);
    expect(Buffer.from(await bytesOf(`series.csv${query([run])}`)).toString()).toBe("run,name,key,step,time,value\r\n");
  });
});

describe("the table of runs", () => {
  it("has a column of its kind for each setting and each summary, and null where a run has none", async () => {
    const runs = (await insertTestRuns(api.app.pool, 2)) as [TestRun, TestRun];
    const configs = [
      { lr: 0.1, optimizer: { name: "sgd" }, layers: [1, 2], amp: true, seed: 1 },
      { lr: 1, seed: "one" },
    ];
    for (const [i, run] of runs.entries())
      await api.app.pool.query("UPDATE run SET config = $2, seed = $3 WHERE id = $1", [
        run.id,
        configs[i],
        i === 0 ? 7 : null,
      ]);
    await log(runs[0], 1, [0, 1, 2], { "val/accuracy": [0.5, 0.9, 0.7] });
    const expected = [
      {
        id: runs[0].id,
        seed: 7n,
        tags: "[]",
        startedAt: null,
        "config.lr": 0.1,
        "config.optimizer.name": "sgd",
        "config.layers": "[1,2]",
        "config.amp": true,
        "config.seed": "1",
        "metric.val/accuracy.count": 3n,
        "metric.val/accuracy.last": 0.7,
        "metric.val/accuracy.best": 0.9,
        "metric.val/accuracy.bestStep": 1n,
      },
      {
        id: runs[1].id,
        seed: null,
        "config.lr": 1,
        "config.amp": null,
        "config.seed": '"one"',
        "metric.val/accuracy.last": null,
      },
    ];
    const path = `${query(runs)}`;
    const arrow = tableFromIPC(await bytesOf(`runs.arrow${path}`));
    expect(arrow.toArray().map((row) => row.toJSON())).toMatchObject(expected);
    const file = (await bytesOf(`runs.parquet${path}`)).buffer as ArrayBuffer;
    expect(await parquetReadObjects({ file })).toMatchObject(expected);
    const header = Buffer.from(await bytesOf(`runs.csv${path}&key=x`))
      .toString()
      .split("\r\n")[0];
    expect(header).toContain("config.amp,config.layers,config.lr,config.optimizer.name,config.seed,metric.x.count,");
  });

  it("of a project or an experiment holds all its runs, the newest first, without the trash", async () => {
    const runs = await insertTestRuns(api.app.pool, 3);
    await api.app.pool.query("UPDATE run SET trashed_at = now() WHERE id = $1", [runs[1]!.id]);
    const ids = async (path: string) =>
      tableFromIPC(await bytesOf(path))
        .toArray()
        .map((row) => (row.toJSON() as { id: string }).id);
    const kept = [runs[2]!.id, runs[0]!.id].sort().reverse();
    expect((await ids(`runs.arrow?experiment=${runs[0]!.experimentId}`)).sort().reverse()).toEqual(kept);
    expect((await ids(`runs.arrow?project=${runs[0]!.projectId}`)).sort().reverse()).toEqual(kept);
    await api.app.pool.query("UPDATE run SET name = 'chosen' WHERE id = $1", [runs[2]!.id]);
    expect(await ids(`runs.arrow?project=${runs[0]!.projectId}&filter=${encodeURIComponent("name = chosen")}`)).toEqual(
      [runs[2]!.id],
    );
  });
});

describe("who may export", () => {
  it("is who may read: not nobody, not a key that may only log", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    const path = `series.csv${query([run])}`;
    expect(await refusalOf(path, {})).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
    expect(await refusalOf(path, { authorization: "Bearer res_unknown" })).toMatchObject({ status: 401 });
    expect(await refusalOf(path, await apiKey("LOG"))).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect((await get(path, await apiKey("READ"))).status).toBe(200);
  });

  it("the holder of a share link exports what it covers, as of its moment when it is frozen, and nothing else", async () => {
    const [shared, other] = (await insertTestRuns(api.app.pool, 2)) as [TestRun, TestRun];
    await log(shared, 1, [0, 1], { a: [0, 1] });
    const share = async (mode: string) => {
      const { data } = await api.ask(
        "mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { path } }",
        { input: { scope: "RUN", mode, run: shared.id } },
        owner,
      );
      const [, id, secret] = /^\/s\/(lnk_\w+)#(.+)$/.exec(data.createShareLink.path)!;
      const response = await fetch(api.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          query: "mutation($input: OpenShareLinkInput!) { openShareLink(input: $input) { title } }",
          variables: { input: { id, secret } },
        }),
      });
      return { cookie: response.headers.get("set-cookie")!.split(";")[0]! };
    };
    const [frozen, live] = [await share("FROZEN"), await share("LIVE")];
    await log(shared, 2, [1, 2], { a: [9, 2], b: [1, 1] });
    const rows = async (as: Record<string, string>) =>
      tableFromIPC(await bytesOf(`series.arrow${query([shared])}`, as))
        .toArray()
        .map((row) => (row.toJSON() as Row).value);
    expect(await rows(frozen)).toEqual([0, 1]);
    expect(await rows(live)).toEqual([0, 9, 2, 1, 1]);
    const table = tableFromIPC(await bytesOf(`runs.arrow${query([shared])}`, frozen));
    expect(table.toArray().map((row) => row.toJSON())).toMatchObject([{ "metric.a.last": 1, "metric.a.count": 2n }]);
    const etag = async (as: Record<string, string>) =>
      (await get(`runs.csv${query([shared])}`, as, "HEAD")).headers.get("etag");
    expect(await etag(frozen)).toMatch(/^"\S+"$/);
    expect(await etag(live)).toBeNull();
    for (const path of [`series.csv${query([other])}`, `series.csv?experiment=${shared.experimentId}`])
      expect(await refusalOf(path, live)).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect(await refusalOf(`runs.csv?project=${shared.projectId}`, live)).toMatchObject({ status: 403 });
  });
});

describe("the HTTP of it", () => {
  it("an unchanged series is not sent again: 304 to its ETag; HEAD tells the ETag, type and name without a body", async () => {
    const [run] = (await insertTestRuns(api.app.pool, 1)) as [TestRun];
    await log(run, 1, [0, 1], { a: [0, 1] });
    const path = `series.parquet?experiment=${run.experimentId}`;
    const head = await get(path, owner, "HEAD");
    expect(await head.text()).toBe("");
    expect(Object.fromEntries(head.headers)).toMatchObject({
      "content-type": "application/vnd.apache.parquet",
      "content-disposition": `attachment; filename="residual-${run.experimentId}-series.parquet"`,
      "cache-control": "private, no-cache",
      vary: "Authorization, Cookie",
    });
    const etag = head.headers.get("etag")!;
    expect((await get(`runs.csv?run=run_00000000000070008000000000000000`, owner, "HEAD")).status).toBe(404);
    const again = () => get(path, { ...owner, "if-none-match": `"other", ${etag}` });
    expect((await again()).status).toBe(304);
    const bytes = await bytesOf(path);
    // Where the points are stored is no part of the content.
    await compactRun(api.app.pool, run);
    expect((await again()).status).toBe(304);
    expect(await bytesOf(path)).toEqual(bytes);
    await log(run, 2, [2], { a: [2] });
    const changed = await again();
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
    await changed.arrayBuffer();
  });

  it("a mistake is answered with a code, the parameter and what would do", async () => {
    const run = "run_00000000000070008000000000000000";
    const cases: [string, Record<string, unknown>][] = [
      ["series.xlsx?run=x", { status: 404, code: "NOT_FOUND" }],
      ["series.csv", { status: 400, field: "run" }],
      [`series.csv?run=${run}&project=main`, { status: 400, field: "project" }],
      [`series.csv?run=${run},${run}`, { status: 400, field: "run" }],
      [`series.csv?run=${run}`, { status: 404 }],
      [`series.csv?run=${run}&width=3`, { status: 400, field: "width" }],
      [`series.csv?run=${run}&from=-1`, { status: 400, field: "from", limit: [0, Number.MAX_SAFE_INTEGER] }],
      [`series.csv?run=${run}&from=2&to=1`, { status: 400, field: "to" }],
      [`series.csv?run=${run}&keep=some`, { status: 400, field: "keep" }],
      [`series.csv?run=${run}&filter=x`, { status: 400, field: "filter" }],
      [`runs.csv?run=${run}&from=1`, { status: 400, field: "from" }],
    ];
    for (const [path, answer] of cases)
      expect([path, await refusalOf(path)]).toEqual([path, expect.objectContaining(answer)]);
  });
});
