import "reflect-metadata";
import { once } from "node:events";
import { request } from "node:http";
import { encodeBase64, encodeMetricFrame } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertTestRun, testFrame } from "../modules/metric/test-run.fixture.js";
import { startTestServer, type TestServer, withoutRequestIds } from "../test-server.js";

let server: TestServer;
const keys: Record<string, string> = {};
beforeAll(async () => {
  server = await startTestServer();
  const owner = await server.signIn();
  for (const scope of ["LOG", "READ"]) {
    const create = `mutation { createApiKey(input: { name: "x", scopes: [${scope}] }) { key } }`;
    keys[scope] = (await server.ask(create, {}, owner)).data.createApiKey.key;
  }
});
afterAll(() => server.close());

const one = "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { writer ackedSeq points duplicate } }";
const two =
  "mutation($input: LogMetricsInput!, $other: LogMetricsInput!) { a: logMetrics(input: $input) { ackedSeq } b: logMetrics(input: $other) { ackedSeq } }";
const literal = (run: string) =>
  `mutation { logMetrics(input: { run: "${run}", writer: "w", seq: 1, frame: { steps: [1], values: { loss: [1] } } }) { ackedSeq } }`;
const steps = [1];
const frame = { steps, times: [Date.UTC(2026, 0, 1)], values: { "train/loss": [0.5], "val/acc": [null] } };

type Case = {
  name: string;
  isDirect: boolean;
  body: (run: string) => unknown;
  key?: string;
  code?: string;
  times?: number;
};
const input = (run: string, change: object = {}) => ({ input: { run, writer: "w", seq: 1, frame, ...change } });
const cases: Case[] = [
  { name: "a step in JSON", isDirect: true, body: (run) => ({ query: one, variables: input(run) }) },
  {
    name: "a packed frame",
    isDirect: true,
    body: (run) => ({
      query: one,
      variables: input(run, { frame: encodeBase64(encodeMetricFrame(testFrame(steps, { loss: steps }))) }),
    }),
  },
  { name: "a step sent twice", isDirect: true, times: 2, body: (run) => ({ query: one, variables: input(run) }) },
  {
    name: "two frames, of which one is refused",
    isDirect: true,
    code: "SEQ_GAP",
    body: (run) => ({ query: two, variables: { ...input(run), other: input(run, { seq: 7 }).input } }),
  },
  {
    name: "a frame that breaks a rule",
    isDirect: true,
    code: "BAD_INPUT",
    body: (run) => ({ query: one, variables: input(run, { frame: { steps: [], values: {} } }) }),
  },
  {
    name: "a run that there is not",
    isDirect: true,
    code: "NOT_FOUND",
    body: () => ({ query: one, variables: input(`run_${"0".repeat(32)}`) }),
  },
  {
    name: "a key without the scope",
    isDirect: true,
    code: "FORBIDDEN",
    key: "READ",
    body: (run) => ({ query: one, variables: input(run) }),
  },
  {
    name: "a key that opens nothing",
    isDirect: false,
    code: "UNAUTHENTICATED",
    key: "none",
    body: (run) => ({ query: one, variables: input(run) }),
  },
  {
    name: "variables that do not fit",
    isDirect: false,
    code: "BAD_INPUT",
    body: () => ({ query: one, variables: { input: { run: "r" } } }),
  },
  { name: "no variables", isDirect: false, code: "BAD_INPUT", body: () => ({ query: one }) },
  {
    name: "an operation that there is not",
    isDirect: false,
    code: "BAD_INPUT",
    body: (run) => ({ query: one, variables: input(run), operationName: "x" }),
  },
  {
    name: "a document that holds its values",
    isDirect: false,
    body: (run) => ({ query: literal(run), variables: {} }),
  },
  {
    name: "a document that does more",
    isDirect: false,
    body: (run) => ({
      query: `query A { viewer { kind } } ${one.replace("mutation", "mutation B")}`,
      operationName: "B",
      variables: input(run),
    }),
  },
  {
    name: "a field that there is not",
    isDirect: false,
    code: "BAD_INPUT",
    body: (run) => ({ query: one.replace("points", "dots"), variables: input(run) }),
  },
];

/** What the answer of one request holds but its id, and whether Express was passed by, whose first header is another. */
async function send(body: unknown, key: string, headers: Record<string, string> = {}) {
  const sent = request(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
  }).end(JSON.stringify(body));
  const [response] = await once(sent, "response");
  const text = (await response.setEncoding("utf8").toArray()).join("");
  const { "content-type": type, "cache-control": caching, "x-content-type-options": sniffing } = response.headers;
  const isDirect = response.rawHeaders[0] === "Content-Type";
  return { isDirect, answer: { status: response.statusCode, text: withoutRequestIds(text), type, caching, sniffing } };
}

describe("what only logs is answered by the direct way as by the long one", () => {
  it.each(cases)("$name", async ({ isDirect, body, key = "LOG", code, times = 1 }) => {
    const answers = [];
    // A body that says how it is encoded goes the long way.
    const ways: Record<string, string>[] = [{}, { "content-encoding": "identity" }];
    for (const headers of ways) {
      const run = await insertTestRun(server.database.pool);
      let last: Awaited<ReturnType<typeof send>> | undefined;
      for (let i = 0; i < times; i++) last = await send(body(run.id), keys[key] ?? "res_unknown", headers);
      answers.push({ ...last!, answer: { ...last!.answer, text: last!.answer.text.trim().replaceAll(run.id, "RUN") } });
    }
    const [short, long] = answers as [(typeof answers)[0], (typeof answers)[0]];
    expect(short.answer).toEqual(long.answer);
    expect([short.isDirect, long.isDirect]).toEqual([isDirect, false]);
    expect(JSON.parse(short.answer.text).errors?.[0].extensions.code).toBe(code);
  });

  it("a body that is no JSON: what is wrong with it", async () => {
    const sent = request(server.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${keys.LOG}` },
    }).end('{"query":');
    const [response] = await once(sent, "response");
    expect(response.statusCode).toBe(400);
    expect(JSON.parse((await response.toArray()).join(""))).toMatchObject({
      errors: [{ message: expect.stringMatching(/^The body cannot be read: /), extensions: { code: "BAD_INPUT" } }],
    });
  });

  it("a page of another site with a key: refused before anything is read", async () => {
    const run = await insertTestRun(server.database.pool);
    const { answer } = await send({ query: one, variables: input(run.id) }, keys.LOG!, {
      origin: "https://evil.example",
    });
    expect(answer.status).toBe(403);
  });
});
