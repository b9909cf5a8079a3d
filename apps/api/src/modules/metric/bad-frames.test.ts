import "reflect-metadata";
import { decodeMetricFrame, encodeBase64, encodeMetricFrame, type MetricFrame } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { keyWith } from "../../test-viewer.fixture.js";
import type { Viewer } from "../../viewer.js";
import { insertTestRun, type TestRun, testFrame } from "./test-run.fixture.js";

let api: TestApi;
let run: TestRun;
let worked: TestRun;
let seq = 0;
beforeAll(async () => {
  api = await openTestApi();
  run = await insertTestRun(api.database.pool);
  worked = await insertTestRun(api.database.pool);
  await api.database.pool.query("UPDATE run SET origin = 'TRAINED_HERE' WHERE id = $1", [worked.id]);
});
afterAll(() => api.close());

const now = Date.UTC(2026, 5, 1);
const good = { steps: [0, 1], values: { "train/loss": [2, 1] } };
const packed = (change: (bytes: Uint8Array) => void, frame: MetricFrame = timed(testFrame([0, 1], { a: [1, 2] }))) => {
  const bytes = encodeMetricFrame(frame);
  change(bytes);
  return encodeBase64(bytes);
};
const timed = (frame: MetricFrame, time = now): MetricFrame => ({ ...frame, times: frame.steps.map(() => time) });
const resealed = (write: (view: DataView) => void) =>
  packed((bytes) => {
    const view = new DataView(bytes.buffer);
    write(view);
    view.setUint32(4, crc(bytes.subarray(8)), true);
  });
const key = (name: string) => ({ steps: [0], values: { [name]: [1] } });
const times = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2100, 0, 1) - 1 };

// Both go in one request: what is wrong with a variable must not keep the whole of it from being executed.
const both = `mutation($bad: LogMetricsInput!, $good: LogMetricsInput!) {
  good: logMetrics(input: $good) { ackedSeq }  bad: logMetrics(input: $bad) { ackedSeq } }`;

async function refusedBesideAGoodOne(bad: Record<string, unknown>, as?: Viewer) {
  seq++;
  const request = {
    bad: { run: run.id, writer: "bad", seq: 1, ...bad },
    good: { run: run.id, writer: "good", seq, frame: good },
  };
  const options = as && { as };
  const refusal = await api.refusal(both, request, options);
  const { rows } = await api.database.pool.query("SELECT writer, last_seq FROM run_writer WHERE run_id = $1", [run.id]);
  expect(rows).toEqual([{ writer: "good", last_seq: seq }]);
  return refusal;
}

describe("a frame that cannot be accepted gets a code, the field and the limit, and the one beside it is stored", () => {
  const frames: [string, unknown, Record<string, unknown>][] = [
    ["a wrong checksum", packed((bytes) => bytes.fill(9, -1)), { code: "BAD_INPUT", field: "frame" }],
    ["a wrong version", packed((bytes) => bytes.fill(2, 3, 4)), { code: "BAD_INPUT", field: "frame", limit: 1 }],
    ["no magic", packed((bytes) => bytes.fill(0, 0, 1)), { code: "BAD_INPUT", field: "frame" }],
    ["a frame cut short", packed(() => {}).slice(0, 40), { code: "BAD_INPUT", field: "frame" }],
    ["0 rows", { steps: [], values: {} }, { code: "BAD_INPUT", field: "steps", limit: 1 }],
    ["0 rows, packed", packed(() => {}, testFrame([], {})), { code: "BAD_INPUT", field: "steps", limit: 1 }],
    [
      "10 M rows declared",
      resealed((view) => view.setUint32(8, 10_000_000, true)),
      { code: "TOO_LARGE", field: "steps", limit: 65_536 },
    ],
    [
      "10,001 rows in JSON",
      { steps: Array(10_001).fill(0), values: {} },
      { code: "TOO_LARGE", field: "steps", limit: 10_000 },
    ],
    [
      "5,000 metrics",
      { steps: [0], values: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`m${i}`, [1]])) },
      { code: "TOO_LARGE", field: "values", limit: 1_000 },
    ],
    [
      "5,000 metrics declared",
      resealed((view) => view.setUint16(12, 5_000, true)),
      { code: "TOO_LARGE", field: "values", limit: 1_000 },
    ],
    ["a key of 10 kB", key("k".repeat(10_000)), { code: "BAD_INPUT", field: "values", limit: 256 }],
    ["a key with a control character", key("train/\u0007loss"), { code: "BAD_INPUT", field: "values" }],
    ["a key with NUL", key("train\u0000"), { code: "BAD_INPUT", field: "values" }],
    [
      "a step of 2^53",
      { steps: [2 ** 53], values: { a: [1] } },
      { code: "BAD_INPUT", field: "steps", limit: Number.MAX_SAFE_INTEGER },
    ],
    ["a time in 1970", { ...key("a"), times: [now / 1_000] }, { code: "BAD_INPUT", field: "times", limit: times.from }],
    [
      "a time in 2100",
      { ...key("a"), times: [Date.UTC(2100, 0, 1)] },
      { code: "BAD_INPUT", field: "times", limit: times.to },
    ],
    [
      "a time in 1970, packed",
      packed(() => {}, timed(testFrame([0], { a: [1] }), 0)),
      { code: "BAD_INPUT", field: "times", limit: times.from },
    ],
    [
      "columns of unequal length",
      { steps: [0, 1], values: { a: [1, 2], b: [1] } },
      { code: "BAD_INPUT", field: "values", limit: 2 },
    ],
    ["more times than steps", { ...good, times: [now, now, now] }, { code: "BAD_INPUT", field: "times", limit: 2 }],
  ];
  it.each(frames)("%s", async (_, frame, expected) => {
    expect(await refusedBesideAGoodOne({ frame })).toMatchObject(expected);
  });

  const runs: [
    string,
    () => Promise<Record<string, unknown>> | Record<string, unknown>,
    Record<string, unknown>,
    Viewer?,
  ][] = [
    ["no run", () => ({ run: "run_x" }), { code: "NOT_FOUND", field: "run" }],
    ["a run in the trash", trashed, { code: "NOT_FOUND", field: "run" }],
    [
      "someone else's run",
      () => ({ run: worked.id, leaseGeneration: 1 }),
      { code: "FORBIDDEN", field: "run" },
      script(),
    ],
    ["another lease generation", () => ({ leaseGeneration: 3 }), { code: "FENCED", field: "leaseGeneration" }],
    ["a gap", () => ({ seq: 5 }), { code: "SEQ_GAP", field: "seq", expected: 1 }],
  ];
  it.each(runs)("%s", async (_, change, expected, as) => {
    expect(await refusedBesideAGoodOne({ frame: good, ...(await change()) }, as)).toMatchObject(expected);
  });
});

it("a run that is finished still takes what its writer kept on disk", async () => {
  const finished = await insertTestRun(api.database.pool);
  await api.database.pool.query("UPDATE run SET status = 'FINISHED' WHERE id = $1", [finished.id]);
  const input = { run: finished.id, writer: "late", seq: 1, frame: good };
  expect(
    await api.ask("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq points } }", { input }),
  ).toEqual({
    logMetrics: { ackedSeq: 1, points: 2 },
  });
});

it("10,000 points go in one JSON request, and 65,536 in a packed one", async () => {
  const wide = await insertTestRun(api.database.pool);
  const query = "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }";
  const steps = Array.from({ length: 1_000 }, (_, i) => i);
  const values = Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`m${k}`, steps.map((s) => s / (k + 3))]));
  expect(await api.ask(query, { input: { run: wide.id, writer: "json", seq: 1, frame: { steps, values } } })).toEqual({
    logMetrics: { points: 10_000 },
  });
  const many = Array.from({ length: 65_536 }, (_, i) => 2 * i);
  const frame = packed(() => {}, timed(testFrame(many, { a: many.map((s) => s / 3) })));
  expect(decodeMetricFrame(Buffer.from(frame, "base64")).steps.length).toBe(65_536);
  expect(await api.ask(query, { input: { run: wide.id, writer: "packed", seq: 1, frame } })).toEqual({
    logMetrics: { points: 65_536 },
  });
});

async function trashed() {
  const gone = await insertTestRun(api.database.pool);
  await api.database.pool.query("UPDATE run SET trashed_at = now() WHERE id = $1", [gone.id]);
  return { run: gone.id };
}

function script(): Viewer {
  return keyWith("LOG");
}

function crc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
