import "reflect-metadata";
import { encodeBase64, encodeMetricFrame, float64ColumnFromBase64 } from "@residual/shared";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startTestServer, type TestServer } from "../../test-server.js";
import { operator } from "../../test-viewer.fixture.js";
import { createApiKey } from "../account/api-key.js";
import { insertTestRun, type TestRun, testFrame } from "../metric/test-run.fixture.js";

let api: TestServer;
let headers: Record<string, string>;
beforeAll(async () => {
  api = await startTestServer();
  const scopes = ["READ", "LOG", "MANAGE"] as const;
  const { key } = await createApiKey(api.database.db, operator, null, {
    name: "t",
    scopes: [...scopes],
    expiresInDays: null,
  });
  headers = { authorization: `Bearer ${key}` };
});
afterAll(() => api.close());

const stepsOfFrame = 20;
const stepsOf = (seq: number) => Array.from({ length: stepsOfFrame }, (_, i) => (seq - 1) * stepsOfFrame + i);

/** Logs frame after frame until `isOver`; a frame that was not taken is sent again, as clients do. Returns how many were acknowledged. */
async function write(run: TestRun, writer: string, refusals: Set<unknown>, isOver: () => boolean): Promise<number> {
  let acked = 0;
  while (!isOver()) {
    const frame = encodeBase64(encodeMetricFrame(testFrame(stepsOf(acked + 1), { [writer]: stepsOf(acked + 1) })));
    const { status, errors } = await api.ask(
      "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
      { input: { run: run.id, writer, seq: acked + 1, frame } },
      headers,
    );
    if (errors) refusals.add(`${status} ${errors[0]!.extensions["code"]}`);
    else acked++;
  }
  return acked;
}

/** Exports the run again and again: each answer is whole, or not there. */
async function exportAgainAndAgain(run: TestRun, isOver: () => boolean): Promise<Set<number>> {
  const statuses = new Set<number>();
  while (!isOver()) {
    const response = await fetch(new URL(`/export/series.csv?run=${run.id}`, api.url), { headers });
    const text = await response.text();
    statuses.add(response.status);
    if (response.status === 200) expect(text.endsWith("\r\n")).toBe(true);
    else
      expect((JSON.parse(text) as { errors: { extensions: object }[] }).errors[0]!.extensions).toMatchObject({
        code: "NOT_FOUND",
      });
  }
  return statuses;
}

it("a run that is deleted and restored again and again while it is logged to, followed and exported loses no acknowledged point, and nobody gets a 500", async () => {
  const run = await insertTestRun(api.database.pool);
  let isOver = false;
  const refusals = new Set<unknown>();
  const writing = ["a", "b", "c"].map((writer) => write(run, writer, refusals, () => isOver));
  const exporting = exportAgainAndAgain(run, () => isOver);
  const client = createClient({
    url: api.url.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: headers,
    retryAttempts: 0,
  });
  const seen = new Map<string, number[]>([
    ["a", []],
    ["b", []],
    ["c", []],
  ]);
  const query = `subscription($runs: [ID!]!) { metricUpdates(runs: $runs, after: "0", maxPoints: 100000) { series { key step } } }`;
  type Update = { metricUpdates: { series: { key: string; step: string }[] } };
  const following = (async () => {
    for await (const { data, errors } of client.iterate<Update>({ query, variables: { runs: [run.id] } })) {
      expect(errors).toBeUndefined();
      for (const { key, step } of data!.metricUpdates.series) seen.get(key)!.push(...float64ColumnFromBase64(step));
    }
  })().catch(() => {});

  const change = (mutation: string) =>
    api.ask(`mutation($ids: [ID!]!) { ${mutation}(ids: $ids) { id } }`, { ids: [run.id] }, headers);
  for (let round = 0; round < 12; round++) {
    expect((await change("deleteRuns")).errors).toBeUndefined();
    while (refusals.size === 0) await new Promise(setImmediate);
    expect((await change("restoreRuns")).errors).toBeUndefined();
  }
  isOver = true;
  const acked = await Promise.all(writing);
  const statuses = await exporting;

  expect([...refusals].filter((refusal) => !/^(200|404) NOT_FOUND$/.test(String(refusal)))).toEqual([]);
  expect(statuses).toContain(200);
  expect([...statuses].filter((status) => status !== 200 && status !== 404)).toEqual([]);
  const { data } = await api.ask(
    `query($id: ID!) { run(id: $id) { integrity { pointsAcknowledged pointsStored } series(keys: ["a", "b", "c"], maxPoints: 10000) { key count } } }`,
    { id: run.id },
    headers,
  );
  const points = acked.reduce((sum, frames) => sum + frames * stepsOfFrame, 0);
  expect(data.run.integrity).toEqual({ pointsAcknowledged: points, pointsStored: points });
  for (const [i, key] of ["a", "b", "c"].entries()) {
    expect(data.run.series.find((series: { key: string }) => series.key === key).count).toBe(acked[i]! * stepsOfFrame);
    // Whoever followed saw no point twice, and none out of order.
    expect(seen.get(key)).toEqual([...new Set(seen.get(key))].sort((x, y) => x - y));
  }
  await client.dispose();
  await following;
  expect(api.log.filter((line) => /INTERNAL|uncaught/i.test(line))).toEqual([]);
});
