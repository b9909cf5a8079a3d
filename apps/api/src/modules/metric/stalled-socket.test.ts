import "reflect-metadata";
import { channel } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { encodeBase64, encodeMetricFrame, float64ColumnFromBase64 } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type RunningServer, startServer } from "../../server.js";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { operator } from "../../test-viewer.fixture.js";
import { createApiKey } from "../account/api-key.js";
import { insertTestRun, type TestRun, testFrame } from "./test-run.fixture.js";

let api: TestApi;
let server: RunningServer;
let key: string;
/** 100,000 steps of these are 25 MB as updates, far more than the kernel buffers for a socket. */
const keys = Array.from({ length: 8 }, (_, i) => `train/loss${i}`);
const accepted: Socket[] = [];
const remember = (message: unknown) => accepted.push((message as { socket: Socket }).socket);

beforeAll(async () => {
  channel("net.server.socket").subscribe(remember);
  api = await openTestApi();
  server = await startServer(api.app, api.schema, () => {});
  ({ key } = await createApiKey(api.database.db, operator, null, {
    name: "test",
    scopes: ["READ"],
    expiresInDays: null,
  }));
});
afterAll(async () => {
  channel("net.server.socket").unsubscribe(remember);
  await server.close();
  await api.close();
});

/** A browser that follows a run: its socket, what it received, and the server's end of it. */
async function follow(run: TestRun) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, "graphql-transport-ws");
  const steps: number[] = [];
  let onUpdate = () => {};
  const ready = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString());
      if (message.type === "connection_ack") {
        const query = `subscription { metricUpdates(runs: ["${run.id}"]) { series { key step time value } } }`;
        socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
        resolve();
      }
      if (message.type !== "next") return;
      for (const { key, step } of message.payload.data.metricUpdates.series)
        if (key === keys[0]) steps.push(...float64ColumnFromBase64(step));
      onUpdate();
    });
  });
  socket.on("open", () =>
    socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${key}` } })),
  );
  await ready;
  const port = (socket as unknown as { _socket: Socket })._socket.localPort;
  return {
    socket,
    steps,
    serverEnd: accepted.find((other) => other.remotePort === port)!,
    /** Resolves when so many steps have come. */
    received: (count: number) =>
      new Promise<void>((resolve) => {
        onUpdate = () => steps.length >= count && resolve();
        onUpdate();
      }),
  };
}

async function subscribed(count: number): Promise<void> {
  while (api.app.feed.size < count) await new Promise(setImmediate);
}

describe("a browser that stops reading its socket", () => {
  it("holds one update in the server's memory during 100,000 points, hinders nobody, and misses nothing once it reads again", async () => {
    const run = await insertTestRun(api.database.pool);
    const stalled = await follow(run);
    const quick = await follow(run);
    await subscribed(2);
    stalled.socket.pause();
    const sent = Array.from({ length: 160 }, async (_, i) => {
      const steps = Array.from({ length: 625 }, (_, j) => i * 625 + j);
      const frame = testFrame(steps, Object.fromEntries(keys.map((name) => [name, steps])));
      await api.ask("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { points } }", {
        input: { run: run.id, writer: `w${i}`, seq: 1, frame: encodeBase64(encodeMetricFrame(frame)) },
      });
      expect(stalled.serverEnd.writableLength).toBeLessThan(4 << 20);
    });
    await Promise.all(sent);
    await quick.received(100_000);
    expect(new Set(quick.steps).size).toBe(100_000);
    expect(stalled.steps.length).toBeLessThan(100_000);
    stalled.socket.resume();
    await stalled.received(100_000);
    expect(stalled.steps.length).toBe(100_000);
    expect(new Set(stalled.steps).size).toBe(100_000);
    quick.socket.terminate();
    stalled.socket.terminate();
    while (api.app.feed.size > 0) await new Promise(setImmediate);
  });
});
