import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openRun, sendLeftovers } from "@residual/client";
import { createClient } from "graphql-ws";
import pg from "pg";
import { WebSocket } from "ws";
import { column } from "../chaos/check.mjs";
import { createKey, startServer } from "../server.mjs";
import { createRun, openExperiment } from "../system.mjs";
import { compactAll } from "./compact-all.mjs";

const chartPoints = 1_000;
/** As many as MLflow's page asks for: short runs come whole, as they do from the peers. */
const comparedPoints = 320;
const series = `query($runs: [ID!]!, $keys: [String!]!, $maxPoints: Int!) {
  metricSeries(runs: $runs, keys: $keys, maxPoints: $maxPoints) { run count step value min max }
}`;

/** Residual as its users have it: @residual/client, the API, the embedded Postgres with default durability. */
export class ResidualSide {
  #runs = new Map();

  async start() {
    this.spool = mkdtempSync(path.join(tmpdir(), "residual-bench-spool-"));
    this.server = await startServer();
    process.kill(this.server.apiPid(), "SIGKILL");
    // The second start is the usual one: the schema is there.
    await pause(50);
    const startedAt = performance.now();
    await this.server.ready();
    const startMs = performance.now() - startedAt;
    const { project, experiment } = await openExperiment(this.server);
    this.project = project;
    this.experiment = experiment;
    this.access = { url: this.server.origin, key: await createKey(this.server), spoolFolder: this.spool };
    this.database = new pg.Client({ connectionString: this.server.databaseUrl });
    await this.database.connect();
    return { version: "this commit", startMs, pid: this.server.apiPid() };
  }

  async #open(name) {
    const run = await createRun(this.server, this.experiment, name);
    this.#runs.set(name, run);
    return openRun({ ...this.access, run });
  }

  async logRun(name, file, keys) {
    const data = new Float64Array(new Uint8Array(readFileSync(file)).buffer);
    const steps = data.length / keys.length;
    const startedAt = performance.now();
    const logger = await this.#open(name);
    const values = {};
    for (let step = 0; step < steps; step++) {
      for (let index = 0; index < keys.length; index++) values[keys[index]] = data[step * keys.length + index];
      logger.log(values, step, 1.7e12 + 100 * step);
      // Training does something between two steps; the client's timers and sockets get their turn in it.
      if (step % 1_000 === 999) await new Promise(setImmediate);
    }
    const loggedMs = performance.now() - startedAt;
    await logger.flush();
    const [found] = await this.#series([name], keys.at(-1), 2);
    if (Number(found.count) !== steps) throw new Error(`${found.count} of ${steps} points can be read`);
    const readableMs = performance.now() - startedAt;
    await logger.close();
    return { loggedMs, readableMs };
  }

  async #series(names, key, maxPoints) {
    const runs = names.map((name) => this.#runs.get(name));
    const { metricSeries } = await this.server.ask(series, { runs, keys: [key], maxPoints });
    return metricSeries;
  }

  async logCost(calls, keys) {
    const logger = await this.#open("cost");
    const times = [];
    for (let step = 0; step < calls; step++) {
      const values = Object.fromEntries(keys.map((key, index) => [key, 0.1 * step + index]));
      const startedAt = process.hrtime.bigint();
      logger.log(values, step);
      times.push(Number(process.hrtime.bigint() - startedAt) / 1_000);
      await pause(1);
    }
    await logger.close();
    return times;
  }

  async chart(name, key) {
    const startedAt = performance.now();
    const [found] = await this.#series([name], key, chartPoints);
    const ms = performance.now() - startedAt;
    return { ms, values: [found.value, found.min, found.max].filter(Boolean).flatMap((text) => [...column(text)]) };
  }

  async compare(names, key) {
    const startedAt = performance.now();
    const found = await this.#series(names, key, comparedPoints);
    const ms = performance.now() - startedAt;
    if (found.length < names.length) throw new Error(`${found.length} of ${names.length} series came`);
    return { ms };
  }

  async listRuns() {
    const startedAt = performance.now();
    await this.server.ask(
      `query($project: String!) { runs(project: $project, first: 50) { nodes { id name status createdAt } pageInfo { endCursor } } }`,
      { project: this.project },
    );
    return { ms: performance.now() - startedAt };
  }

  /** From the call to the update on a subscription, as the page has it. */
  async live(repeats) {
    const logger = await this.#open("live");
    const client = createClient({
      url: `${this.server.origin.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.access.key}` },
    });
    const updates = client.iterate({
      query: `subscription($runs: [ID!]!) { metricUpdates(runs: $runs, after: "0") { series { step } } }`,
      variables: { runs: [this.#runs.get("live")] },
    });
    let seen = -1;
    let onSeen = () => {};
    const following = (async () => {
      for await (const { data } of updates) {
        for (const { step } of data.metricUpdates.series) seen = column(step).at(-1) ?? seen;
        onSeen();
      }
    })();
    const delays = [];
    for (let step = 0; step <= repeats; step++) {
      const startedAt = performance.now();
      logger.log({ live: step }, step);
      while (seen < step) await new Promise((resolve) => (onSeen = resolve));
      // The first one waits for the subscription.
      if (step > 0) delays.push(performance.now() - startedAt);
      await pause(100 + 5 * step);
    }
    await updates.return?.();
    await client.dispose();
    await following;
    await logger.close();
    return delays;
  }

  /** All that belongs to metrics, indexes included, once everything is compacted and dead rows are gone. */
  async storedBytes() {
    await compactAll(this.server.databaseUrl);
    const { rows: tables } = await this.database.query(
      `SELECT oid::regclass::text AS name FROM pg_class
       WHERE relkind = 'r' AND (relname LIKE 'metric\\_%' OR relname IN ('run_writer', 'run_generation'))`,
    );
    for (const { name } of tables) await this.database.query(`VACUUM FULL ${name}`);
    const { rows } = await this.database.query(
      `SELECT sum(pg_total_relation_size(name::regclass))::bigint AS bytes FROM unnest($1::text[]) AS name`,
      [tables.map(({ name }) => name)],
    );
    return Number(rows[0].bytes);
  }

  /** A process logs and is killed with -9 when its last call has returned; the next one finds what it left. */
  async lostToKill(calls) {
    const run = await createRun(this.server, this.experiment, "killed");
    this.#runs.set("killed", run);
    const child = fork(path.join(import.meta.dirname, "log-until-killed.mjs"), [
      JSON.stringify({ ...this.access, run }),
      String(calls),
    ]);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    await new Promise((resolve) => child.once("message", resolve));
    child.kill("SIGKILL");
    await gone;
    await sendLeftovers(this.spool, this.access);
    const [found] = await this.#series(["killed"], "train/loss", 2);
    return { called: calls, lost: calls - Number(found?.count ?? 0) };
  }

  async stop() {
    await this.database?.end();
    await this.server?.close();
    rmSync(this.spool, { recursive: true, force: true });
  }
}
