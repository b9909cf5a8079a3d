import "reflect-metadata";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";
import { insertTestRuns, type TestRun } from "./test-run.fixture.js";

let server: TestServer;
let owner: Record<string, string>;
let runs: TestRun[];

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
  runs = await insertTestRuns(server.database.pool, 40);
  for (const [i, run] of runs.entries()) {
    const steps = Array.from({ length: 60 }, (_, step) => step);
    const values = {
      loss: steps.map((step) => step / (i + 1)),
      'ä "q"': steps.map((step) => (step % 7 ? step : "NaN")),
    };
    const frame = { steps, times: steps.map((step) => 1_764_000_000_000 + step), values };
    const { errors } = await server.ask(
      'mutation($run: ID!, $frame: MetricFrame!) { logMetrics(input: { run: $run, writer: "w", seq: 1, frame: $frame }) { points } }',
      { run: run.id, frame },
      owner,
    );
    expect(errors).toBeUndefined();
  }
});
afterAll(() => server.close());

const columns = "run key etag unchanged count exact step time value min max";
const ask = (query: string, more: Record<string, unknown> = {}, headers = owner) =>
  server.ask(query, { runs: runs.map(({ id }) => id), keys: ["loss", 'ä "q"'], ...more }, headers);
const isStreamed = async (query: string) => {
  const variables = { runs: runs.map(({ id }) => id), keys: ["loss"] };
  return (await server.send(query, variables, owner)).headers.get("transfer-encoding") === "chunked";
};
/** A directive, which changes nothing, has a query executed. */
const executed = (query: string) => query.replaceAll(/count\b/g, "count @include(if: true)");

it.each([
  [
    "thinned",
    `query($runs: [ID!]!, $keys: [String!]!) { metricSeries(runs: $runs, keys: $keys, maxPoints: 10) { ${columns} } }`,
  ],
  [
    "whole",
    `query($runs: [ID!]!, $keys: [String!]!) { metricSeries(runs: $runs, keys: $keys) { __typename ${columns} } }`,
  ],
  [
    "by other names, through fragments, of several at once, with what is the default",
    `query($runs: [ID!]!, $keys: [String!]!, $to: Step = 9) {
      first: metricSeries(runs: $runs, keys: ["loss"], to: $to) { id: run count ...Parts } other: metricSeries(runs: $runs, keys: $keys) { ...Parts ... on Series { n: count } } }
     fragment Parts on Series { key value key }`,
  ],
])("series that are streamed are those that execution answers: %s", async (_, query) => {
  expect(await isStreamed(query)).toBe(true);
  expect(await isStreamed(executed(query))).toBe(false);
  const [streamed, answered] = [await ask(query), await ask(executed(query))];
  expect(streamed.errors).toBeUndefined();
  expect(streamed.data).toEqual(answered.data);
});

it("a series that the client has is streamed without its columns", async () => {
  const query = `query($runs: [ID!]!, $keys: [String!]!, $have: [String!]) { metricSeries(runs: $runs, keys: $keys, have: $have) { ${columns} } }`;
  const { data } = await ask(query);
  const have = data.metricSeries.map(({ etag }: { etag: string }) => etag);
  const again = await ask(query, { have });
  expect(again.data).toEqual((await ask(executed(query), { have })).data);
  expect(again.data.metricSeries).toHaveLength(80);
  for (const series of again.data.metricSeries) expect(series).toMatchObject({ unchanged: true, value: "", count: 60 });
});

it.each([
  [
    "with points, which are objects",
    'query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["loss"]) { points { step } } }',
  ],
  ["beside other fields", 'query($runs: [ID!]!) { viewer { id } metricSeries(runs: $runs, keys: ["loss"]) { key } }'],
])("a query %s is executed", async (_, query) => {
  expect(await isStreamed(query)).toBe(false);
  expect((await ask(query)).data.metricSeries).toHaveLength(40);
});

it.each([
  ["nobody", {}, "UNAUTHENTICATED", {}],
  ["a run that does not exist", { runs: ["run_1"] }, "NOT_FOUND", null],
  ["more rows than one answer holds", { maxPoints: 100_000 }, "BAD_INPUT", null],
  ["a value of another kind", { maxPoints: "many" }, "BAD_INPUT", null],
])("what is refused is refused as ever, and counted once: %s", async (_, more, code, headers) => {
  const query =
    "query($runs: [ID!]!, $keys: [String!]!, $maxPoints: Int = 10) { metricSeries(runs: $runs, keys: $keys, maxPoints: $maxPoints) { count value } }";
  const [streamed, answered] = [
    await ask(query, more, headers ?? owner),
    await ask(executed(query), more, headers ?? owner),
  ];
  expect(streamed.errors![0]!.extensions.code).toBe(code);
  expect(streamed.errors!.map(({ message }) => message)).toEqual(answered.errors!.map(({ message }) => message));
  expect(streamed.status).toBe(answered.status);
});
