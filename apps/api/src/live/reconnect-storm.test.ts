import "reflect-metadata";
import { encodeBase64, encodeMetricFrame, float64ColumnFromBase64 } from "@residual/shared";
import { createClient } from "graphql-ws";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { createApiKey } from "../modules/account/api-key.js";
import { insertTestRun, testFrame } from "../modules/metric/test-run.fixture.js";
import { startTestServer } from "../test-server.js";
import { operator } from "../test-viewer.fixture.js";

const subscribers = 500;
const subscribersOfKey = 50;
const frames = 60;
const metric = "train/loss";
const query = `subscription($runs: [ID!]!, $after: String) {
  metricUpdates(runs: $runs, after: $after) { cursor series { step } }
}`;
type Update = { metricUpdates: { cursor: string; series: { step: string }[] } };

it("500 subscribers whose server ends and comes back all follow again at once, and each has every point once", async () => {
  const beside = await startTestServer();
  let api = await startTestServer(beside);
  const port = new URL(api.url).port;
  const run = await insertTestRun(beside.database.pool);
  const keys = await Promise.all(
    Array.from({ length: subscribers / subscribersOfKey }, async (_, i) => {
      const input = { name: `key ${i}`, scopes: ["READ" as const, "LOG" as const], expiresInDays: null };
      return (await createApiKey(beside.database.db, operator, null, input)).key;
    }),
  );

  /** Follows until it has seen all, from wherever it was, as often as its socket ends. */
  const seen = Array.from({ length: subscribers }, () => [] as number[]);
  let ended = 0;
  let comeBack = () => {};
  const back = new Promise<void>((resolve) => {
    comeBack = resolve;
  });
  const follow = async (steps: number[], key: string) => {
    let cursor = "0";
    while (steps.length < frames) {
      const client = createClient({
        url: api.url.replace("http", "ws"),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
      });
      try {
        for await (const { data } of client.iterate<Update>({ query, variables: { runs: [run.id], after: cursor } })) {
          cursor = data!.metricUpdates.cursor;
          for (const { step } of data!.metricUpdates.series) steps.push(...float64ColumnFromBase64(step));
          if (steps.length >= frames) break;
        }
      } catch {
        ended++;
      }
      await client.dispose();
      // All at the same moment: nobody's clock spreads them.
      await back;
    }
  };
  const following = Promise.all(seen.map((steps, i) => follow(steps, keys[Math.floor(i / subscribersOfKey)]!)));
  while (api.app.events.listenerCount < subscribers) await new Promise(setImmediate);

  const log = async (from: number, to: number) => {
    for (let seq = from; seq <= to; seq++) {
      const frame = encodeBase64(encodeMetricFrame(testFrame([seq], { [metric]: [seq] })));
      const answer = await beside.ask(
        "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
        { input: { run: run.id, writer: "w", seq, frame } },
        { authorization: `Bearer ${keys[0]}` },
      );
      expect(answer.errors).toBeUndefined();
    }
  };
  await log(1, frames / 3);
  await api.close();
  await log(frames / 3 + 1, (2 * frames) / 3);
  api = await startTestServer(beside, { PORT: port });
  comeBack();
  await log((2 * frames) / 3 + 1, frames);
  await following;

  const all = Array.from({ length: frames }, (_, i) => i + 1);
  for (const steps of seen) expect(steps).toEqual(all);
  expect(ended).toBeGreaterThanOrEqual(subscribers);
  await api.close();
  await beside.close();
});
