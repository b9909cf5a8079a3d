import "reflect-metadata";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeBase64, encodeMetricFrame, float64ColumnFromBase64 } from "@residual/shared";
import { createClient } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { LiveEvents } from "./live/events.js";
import { createApiKey } from "./modules/account/api-key.js";
import { logEvaluation } from "./modules/evaluation/log-evaluation.js";
import { insertTestRun, type TestRun, testFrame } from "./modules/metric/test-run.fixture.js";
import { Run } from "./modules/run/run.entity.js";
import { startTestServer, type TestServer } from "./test-server.js";
import { operator } from "./test-viewer.fixture.js";

/** Two servers over one database that share nothing else: own pools, own event buses. Who writes asks one, who follows the other. */
let writing: TestServer;
let following: TestServer;
let key: string;
let keyId: string;

beforeAll(async () => {
  writing = await startTestServer();
  following = await startTestServer(writing);
  const created = await createApiKey(writing.database.db, operator, null, {
    name: "test",
    scopes: ["READ", "LOG", "MANAGE"],
    expiresInDays: null,
  });
  key = created.key;
  keyId = created.apiKey.id;
});
afterAll(async () => {
  await following.close();
  await writing.close();
});

const bearer = () => ({ authorization: `Bearer ${key}` });
const metric = "train/loss";
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** A subscription over a socket of its own that does not reconnect: `next` rejects when the socket ends. */
function follow<T>(url: string, query: string, variables: Record<string, unknown> = {}) {
  const client = createClient({
    url: url.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: bearer(),
    retryAttempts: 0,
  });
  const results = client.iterate<T>({ query, variables });
  return {
    async next(): Promise<T> {
      const { value, done } = await results.next();
      if (done) throw new Error("The subscription ended.");
      return value.data as T;
    },
    close: () => client.dispose(),
  };
}

/** Resolves once this server has so many listeners: what is told from then on is heard. */
async function listening({ app }: TestServer, count: number): Promise<void> {
  while (app.events.listenerCount < count) await new Promise(setImmediate);
}

const logMetrics = "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }";

function frameInput(run: TestRun, seq: number, steps: number[]) {
  const frame = encodeBase64(encodeMetricFrame(testFrame(steps, { [metric]: steps })));
  return { input: { run: run.id, writer: "w", seq, frame } };
}

const updates = `subscription($runs: [ID!]!, $after: String) {
  metricUpdates(runs: $runs, after: $after) { cursor series { step } }
}`;
type Updates = { metricUpdates: { cursor: string; series: { step: string }[] } };
const stepsOf = ({ metricUpdates }: Updates) =>
  metricUpdates.series.flatMap(({ step }) => [...float64ColumnFromBase64(step)]);

describe("what one process stores reaches those who follow on another", () => {
  it("metrics: every point once, told over the bus", async () => {
    const run = await insertTestRun(writing.database.pool);
    const heard = vi.spyOn(following.app.events, "heard");
    const subscription = follow<Updates>(following.url, updates, { runs: [run.id], after: "0" });
    const steps: number[] = [];
    const reading = (async () => {
      while (steps.length < 300) steps.push(...stepsOf(await subscription.next()));
    })();
    await listening(following, 1);
    for (const i of range(0, 100)) {
      const frame = range(3 * i, 3 * i + 3);
      expect((await writing.ask(logMetrics, frameInput(run, i + 1, frame), bearer())).errors).toBeUndefined();
    }
    await reading;
    expect(steps).toEqual(range(0, 300));
    expect(heard).toHaveBeenCalledWith({ about: "metrics", runId: run.id });
    heard.mockRestore();
    await subscription.close();
  });

  it("changes of runs and news of their gaps", async () => {
    const run = await insertTestRun(writing.database.pool);
    const { rows } = await writing.database.pool.query("SELECT slug FROM project WHERE id = $1", [run.projectId]);
    const project = rows[0].slug;
    const changes = follow<{ runUpdates: unknown }>(
      following.url,
      "subscription($project: String!) { runUpdates(project: $project) { run { id name } change } }",
      { project },
    );
    const alerts = follow<{ gapAlerts: unknown }>(
      following.url,
      "subscription($project: String!) { gapAlerts(project: $project) { run { id } gap { verdict } } }",
      { project },
    );
    const change = changes.next();
    const alert = alerts.next();
    await listening(following, 2);
    const rename = 'mutation($id: ID!) { updateRun(input: { id: $id, name: "Renamed" }) { id } }';
    expect((await writing.ask(rename, { id: run.id }, bearer())).errors).toBeUndefined();
    expect((await change).runUpdates).toEqual({ run: { id: run.id, name: "Renamed" }, change: "UPDATED" });
    const score = (examples: number, correct: number) => ({ examples, correct, meanLoss: 1, lossVariance: 0.25 });
    const log = "mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { epoch } }";
    for (const [epoch, correct] of [700, 800, 900].entries())
      await writing.ask(
        log,
        { input: { run: run.id, epoch, step: epoch, train: score(1_000, correct), val: score(200, 130) } },
        bearer(),
      );
    expect((await alert).gapAlerts).toMatchObject({ run: { id: run.id } });
    await changes.close();
    await alerts.close();
  });

  it("even what no bus told: after its connection broke, a process looks for changes and news itself", async () => {
    const run = await insertTestRun(writing.database.pool);
    const { rows } = await writing.database.pool.query("SELECT slug FROM project WHERE id = $1", [run.projectId]);
    const variables = { project: rows[0].slug };
    const changes = follow<{ runUpdates: { run: { id: string } } }>(
      following.url,
      "subscription($project: String!) { runUpdates(project: $project) { run { id } } }",
      variables,
    );
    const alerts = follow<{ gapAlerts: { run: { id: string } } }>(
      following.url,
      "subscription($project: String!) { gapAlerts(project: $project) { run { id } } }",
      variables,
    );
    const change = changes.next();
    const alert = alerts.next();
    await listening(following, 2);
    const mute = { ...writing.app, events: new LiveEvents() };
    const stored = await mute.db.getRepository(Run).findOneByOrFail({ id: run.id });
    const score = (examples: number, correct: number) => ({ examples, correct, meanLoss: 1, lossVariance: 0.25 });
    for (const [epoch, correct] of [700, 800, 900].entries())
      await logEvaluation(mute, stored, {
        run: run.id,
        epoch,
        step: epoch,
        leaseGeneration: 0,
        train: score(1_000, correct),
        val: score(200, 130),
      });
    await writing.database.administer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'residual-bus' AND datname = '${new URL(writing.database.url).pathname.slice(1)}'`,
    );
    expect((await change).runUpdates.run.id).toBe(run.id);
    expect((await alert).gapAlerts.run.id).toBe(run.id);
    await changes.close();
    await alerts.close();
  });
});

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

describe.skipIf(!existsSync(main))(
  existsSync(main) ? "a process that is killed" : "a process that is killed (skipped: apps/api is not built)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "residual-two-"));
    const children = new Set<ChildProcess>();
    afterAll(() => {
      for (const child of children) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    });

    /** A third API process over the same database, from the build. */
    async function startProcess() {
      const child = spawn(process.execPath, [main], {
        env: { ...process.env, PORT: "0", DATABASE_URL: writing.database.url, RESIDUAL_DATA: folder },
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.add(child);
      const exited = once(child, "exit").then(() => children.delete(child));
      const url = await new Promise<string>((resolve, reject) => {
        let printed = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          printed += text;
          const found = /answers at (\S+)/.exec(printed);
          if (found) resolve(found[1]!);
        });
        void exited.then(() => reject(new Error(`The API ended: ${printed}`)));
      });
      return {
        url,
        kill: async () => {
          child.kill("SIGKILL");
          await exited;
        },
      };
    }

    it("leaves its subscribers no hole and no double when they go on elsewhere from their cursor, whenever it dies", async () => {
      for (const victim of await Promise.all([startProcess(), startProcess(), startProcess()])) {
        const run = await insertTestRun(writing.database.pool);
        const frames = 80;
        const killAt = 1 + Math.floor(Math.random() * (frames - 1));

        const seen: number[] = [];
        let cursor = "0";
        const read = async (url: string) => {
          const subscription = follow<Updates>(url, updates, { runs: [run.id], after: cursor });
          while (seen.length < 2 * frames) {
            const update = await subscription.next();
            seen.push(...stepsOf(update));
            cursor = update.metricUpdates.cursor;
          }
          await subscription.close();
        };
        const reading = read(victim.url).catch(() => read(following.url));

        let url = victim.url;
        const send = (seq: number) =>
          fetch(url, {
            method: "POST",
            headers: { "content-type": "application/json", ...bearer() },
            body: JSON.stringify({ query: logMetrics, variables: frameInput(run, seq, [2 * seq, 2 * seq + 1]) }),
          });
        let killed: Promise<void> | undefined;
        for (let seq = 1; seq <= frames; seq++) {
          if (seq === killAt) killed = victim.kill();
          try {
            expect(((await (await send(seq)).json()) as { errors?: unknown }).errors).toBeUndefined();
          } catch {
            // Not acknowledged: the same frame goes to the other process.
            url = writing.url;
            expect(((await (await send(seq)).json()) as { errors?: unknown }).errors).toBeUndefined();
          }
        }
        await killed;
        await reading;
        expect({ killAt, seen }).toEqual({ killAt, seen: range(2, 2 * frames + 2) });
      }
    });
  },
);

it("a credential that is revoked on one process closes its sockets on the other", async () => {
  const socket = new WebSocket(following.url.replace("http", "ws"), "graphql-transport-ws");
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: bearer() }));
  await once(socket, "message");
  const closed = once(socket, "close");
  await writing.ask("mutation($id: ID!) { revokeApiKey(id: $id) { id } }", { id: keyId }, bearer());
  expect((await closed)[0]).toBe(4403);
});
