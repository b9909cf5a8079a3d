import "reflect-metadata";
import { once } from "node:events";
import {
  decodeServerRecords,
  encodeMetricFrame,
  encodeWriterRecords,
  ingestSubprotocol,
  type ServerRecord,
  type WriterRecord,
} from "@residual/shared";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { insertTestRuns, type TestRun, testFrame } from "../modules/metric/test-run.fixture.js";
import { startTestServer, type TestServer } from "../test-server.js";

let server: TestServer;
let owner: Record<string, string>;
let runs: TestRun[];
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signIn();
  runs = await insertTestRuns(server.database.pool, 8);
  key = (await makeKey("LOG")).key;
});
afterAll(() => server.close());

async function makeKey(...scopes: string[]): Promise<{ key: string; id: string }> {
  const { data } = await server.ask(
    'mutation ($scopes: [Scope!]!) { createApiKey(input: {name: "k", scopes: $scopes}) { key apiKey { id } } }',
    { scopes },
    owner,
  );
  return { key: data.createApiKey.key, id: data.createApiKey.apiKey.id };
}

function dial(headers: Record<string, string>): WebSocket {
  return new WebSocket(server.url.replace("http", "ws"), ingestSubprotocol, { headers });
}

async function connect(bearer = key) {
  const socket = dial({ authorization: `Bearer ${bearer}` });
  const answers: ServerRecord[] = [];
  let messages = 0;
  let wake = () => {};
  socket.on("message", (data: Buffer) => {
    answers.push(...decodeServerRecords(data));
    messages++;
    wake();
  });
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  return {
    socket,
    closed,
    answers,
    messages: () => messages,
    send: (...records: WriterRecord[]) => socket.send(encodeWriterRecords(records)),
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const open = (channel: number, run: TestRun | string, writer = "w", leaseGeneration = 0): WriterRecord => ({
  kind: "open",
  channel,
  leaseGeneration,
  run: typeof run === "string" ? run : run.id,
  writer,
});
const bytesAt = (step: number, value = step) => encodeMetricFrame(testFrame([step], { loss: [value] }));
const frame = (channel: number, seq: number, bytes: Uint8Array = bytesAt(seq)): WriterRecord => ({
  kind: "frame",
  channel,
  seq,
  bytes,
});
const stepsOf = async (run: TestRun) => {
  const { data } = await server.ask(
    'query ($run: ID!) { metricSeries(runs: [$run], keys: ["loss"], maxPoints: 100000) { count } }',
    { run: run.id },
    owner,
  );
  return data.metricSeries[0]?.count ?? 0;
};
const refusals = (answers: ServerRecord[]) =>
  answers.flatMap((answer) =>
    answer.kind === "refusal" ? [{ channel: answer.channel, seq: answer.seq, ...answer.refusal }] : [],
  );
const ackedOn = (answers: ServerRecord[], channel: number) =>
  Math.max(0, ...answers.map((answer) => (answer.kind === "ack" && answer.channel === channel ? answer.ackedSeq : 0)));

describe("the ingest socket", () => {
  test("stores every frame of a message, of several writers, and acknowledges them together after the commit", async () => {
    const client = await connect();
    const seqs = Array.from({ length: 200 }, (_, i) => i + 1);
    client.send(open(1, runs[0]!), open(2, runs[1]!), ...seqs.flatMap((seq) => [frame(1, seq), frame(2, seq)]));
    await client.until(() => ackedOn(client.answers, 1) === 200 && ackedOn(client.answers, 2) === 200);
    expect(await stepsOf(runs[0]!)).toBe(200);
    expect(await stepsOf(runs[1]!)).toBe(200);
    expect(client.messages()).toBeLessThan(10);
    client.socket.close();
  });

  test("acknowledges a frame that is sent again, on another socket too, and stores it once", async () => {
    const first = await connect();
    first.send(open(1, runs[2]!), frame(1, 1), frame(1, 2));
    await first.until(() => ackedOn(first.answers, 1) === 2);
    first.socket.terminate();
    const second = await connect();
    second.send(open(9, runs[2]!), frame(9, 1), frame(9, 2), frame(9, 3));
    await second.until(() => ackedOn(second.answers, 9) === 3);
    expect(await stepsOf(runs[2]!)).toBe(3);
    second.socket.close();
  });

  test("refuses frame by frame, by code, field and limit, and goes on with the rest", async () => {
    const client = await connect();
    const damaged = bytesAt(2);
    damaged[damaged.length - 1]! ^= 1;
    client.send(
      open(1, runs[3]!),
      open(2, runs[4]!),
      open(3, "run_0000000000000000"),
      open(4, runs[4]!, "fenced", 7),
      open(5, runs[4]!, "\u0000"),
      frame(1, 1),
      frame(1, 2, damaged),
      frame(1, 1, bytesAt(1, 99)),
      frame(1, 5),
      frame(1, 0),
      frame(2, 1),
      frame(4, 1),
      frame(8, 1),
    );
    await client.until(() => refusals(client.answers).length === 8 && ackedOn(client.answers, 2) === 1);
    const found = refusals(client.answers).sort((a, b) => a.channel - b.channel || a.seq - b.seq);
    expect(found).toMatchObject([
      { channel: 1, seq: 0, code: "BAD_INPUT", field: "seq" },
      { channel: 1, seq: 1, code: "CONFLICT", field: "seq" },
      { channel: 1, seq: 2, code: "BAD_INPUT", field: "frame" },
      { channel: 1, seq: 5, code: "SEQ_GAP", expected: 2 },
      { channel: 3, seq: 0, code: "NOT_FOUND" },
      { channel: 4, seq: 1, code: "FENCED" },
      { channel: 5, seq: 0, code: "BAD_INPUT", field: "writer" },
      { channel: 8, seq: 1, code: "BAD_INPUT", field: "channel" },
    ]);
    client.send(frame(1, 2), frame(2, 2));
    await client.until(() => ackedOn(client.answers, 1) === 2 && ackedOn(client.answers, 2) === 2);
    expect(await stepsOf(runs[3]!)).toBe(2);
    client.socket.close();
  });

  test("is closed by what is no message of records", async () => {
    const noise = await connect();
    noise.socket.send(Uint8Array.of(77, 1, 2, 3));
    expect(await noise.closed).toBe(4400);
    const text = await connect();
    text.socket.send("{}");
    expect(await text.closed).toBe(4400);
    const large = await connect();
    large.socket.send(new Uint8Array((4 << 20) + 1));
    expect(await large.closed).toBe(1009);
  });

  test("does not read on while frames wait for their commit, and loses none of them", async () => {
    const client = await connect();
    const steps = Array.from({ length: 5_000 }, (_, i) => i);
    const keys = Object.fromEntries([["loss", steps.map((step) => step / 3)]]);
    const large = (first: number) =>
      encodeMetricFrame(
        testFrame(
          steps.map((step) => first + step),
          keys,
        ),
      );
    client.send(open(1, runs[5]!));
    for (let seq = 1; seq <= 250; seq++) client.send(frame(1, seq, large(seq * 5_000)));
    await client.until(() => ackedOn(client.answers, 1) === 250);
    const { rows } = await server.database.pool.query(
      "SELECT points_acknowledged::int AS points FROM metric_stream WHERE run_id = $1",
      [runs[5]!.id],
    );
    expect(rows[0].points).toBe(1_250_000);
    client.socket.close();
  });
});

describe("who may send", () => {
  test.each([
    ["nobody without a key", async () => ({}), "401"],
    ["nobody with an unknown key", async () => ({ authorization: "Bearer res_unknown" }), "401"],
    ["no key that may only read", async () => ({ authorization: `Bearer ${(await makeKey("READ")).key}` }), "403"],
    [
      "no page of another site, whoever's cookie its browser sends along",
      async () => ({ ...owner, origin: "https://evil.example" }),
      "403",
    ],
  ])("%s", async (_, headers, status) => {
    const [error] = await once(dial(await headers()), "error");
    expect((error as Error).message).toContain(status);
  });

  test("a script's key not to the run of a worker: FORBIDDEN", async () => {
    await server.database.pool.query("UPDATE run SET origin = 'TRAINED_HERE' WHERE id = $1", [runs[6]!.id]);
    const client = await connect();
    client.send(open(1, runs[6]!));
    await client.until(() => client.answers.length > 0);
    expect(refusals(client.answers)).toMatchObject([{ channel: 1, seq: 0, code: "FORBIDDEN" }]);
    client.socket.close();
  });

  test("no key any more once it is revoked: 4403, at once", async () => {
    const { key: bearer, id } = await makeKey("LOG");
    const client = await connect(bearer);
    client.send(open(1, runs[7]!), frame(1, 1));
    await client.until(() => ackedOn(client.answers, 1) === 1);
    await server.ask("mutation ($id: ID!) { revokeApiKey(id: $id) { id } }", { id }, owner);
    expect(await client.closed).toBe(4403);
    const [error] = await once(dial({ authorization: `Bearer ${bearer}` }), "error");
    expect((error as Error).message).toContain("401");
  });
});

test("a server that stops answers what it has read, then closes: 1001", async () => {
  const stopping = await startTestServer();
  const [run] = await insertTestRuns(stopping.database.pool, 1);
  const socket = new WebSocket(stopping.url.replace("http", "ws"), ingestSubprotocol, {
    headers: await stopping.signIn(),
  });
  await once(socket, "open");
  const acked: number[] = [];
  let stopped: Promise<void> | undefined;
  socket.on("message", (data: Buffer) => {
    for (const answer of decodeServerRecords(data)) if (answer.kind === "ack") acked.push(answer.ackedSeq);
    stopped ??= stopping.close();
  });
  socket.send(encodeWriterRecords([open(1, run!), frame(1, 1)]));
  socket.send(encodeWriterRecords(Array.from({ length: 500 }, (_, i) => frame(1, i + 2))));
  const [code] = await once(socket, "close");
  expect(code).toBe(1001);
  expect(acked.at(-1)).toBeGreaterThan(0);
  await stopped;
});
