import "reflect-metadata";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../test-database.js";
import type { OpenChannel } from "./bus.js";
import type { Notice } from "./notice.js";
import { postgresChannel } from "./postgres-channel.js";
import { redisChannel } from "./redis-channel.js";
import { RemoteBus } from "./remote-bus.js";

/** A bus of one process, with what it heard and how often it had to look at everything. */
class Ear {
  readonly heardNotices: Notice[] = [];
  readonly looks: number[] = [];
  readonly log: string[] = [];
  readonly bus: RemoteBus;
  #wake = () => {};

  constructor(open: OpenChannel, pulseMs?: number) {
    const listener = {
      heard: (notice: Notice) => {
        this.heardNotices.push(notice);
        this.#wake();
      },
      missed: async (seconds: number) => {
        this.looks.push(seconds);
        this.#wake();
      },
    };
    this.bus = new RemoteBus(open, listener, (line) => this.log.push(line), pulseMs);
    ears.push(this);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}

const ears: Ear[] = [];
afterEach(async () => {
  for (const ear of ears.splice(0)) await ear.bus.close();
});

async function openTwo(open: OpenChannel): Promise<[Ear, Ear]> {
  const pair: [Ear, Ear] = [new Ear(open), new Ear(open)];
  for (const { bus } of pair) await bus.ready;
  return pair;
}

const run = (id: string) => ({ id, projectId: "prj_1", experimentId: "exp_1" });

/** What every bus guarantees; `cut` breaks all its connections. */
function describeBus(open: () => OpenChannel, cut: () => Promise<void>): void {
  it("carries every kind of notice to the others, once, and none back to the one that told it", async () => {
    const [here, there] = await openTwo(open());
    const notices: Notice[] = [
      { about: "metrics", runId: "run_1" },
      { about: "run", run: run("run_1"), change: "STATUS" },
      { about: "gap", run: run("run_2") },
      { about: "access", principal: "key:key_1" },
    ];
    for (const notice of [...notices, ...notices]) here.bus.tell(notice);
    await there.until(() => there.heardNotices.length >= notices.length);
    here.bus.tell({ about: "metrics", runId: "last" });
    await there.until(() => there.heardNotices.length > notices.length);
    expect(there.heardNotices).toEqual([...notices, { about: "metrics", runId: "last" }]);
    expect(here.heardNotices).toEqual([]);
  });

  it("splits what is larger than one message, and says 'look at everything' instead of a flood", async () => {
    const [here, there] = await openTwo(open());
    const looksBefore = there.looks.length;
    for (let i = 0; i < 1_000; i++) here.bus.tell({ about: "metrics", runId: `run_${"x".repeat(30)}${i}` });
    await there.until(() => there.heardNotices.length >= 1_000);
    expect(new Set(there.heardNotices.map((notice) => (notice as { runId: string }).runId)).size).toBe(1_000);
    expect(there.looks.length).toBe(looksBefore);
    for (let i = 0; i < 20_000; i++) here.bus.tell({ about: "metrics", runId: `run_${"y".repeat(30)}${i}` });
    await there.until(() => there.looks.length > looksBefore);
    expect(there.heardNotices.length).toBeLessThan(8_000);
  });

  it("comes back by itself when it was cut off; whoever may have missed something looks once, and then hears again", async () => {
    const [here, there] = await openTwo(open());
    const before = [here.looks.length, there.looks.length];
    await cut();
    here.bus.tell({ about: "metrics", runId: "told while nobody could hear" });
    await there.until(() => there.looks.length > before[1]! && there.bus.isConnected);
    await here.until(() => here.looks.length > before[0]! && here.bus.isConnected);
    here.bus.tell({ about: "metrics", runId: "after" });
    await there.until(() => there.heardNotices.some((notice) => "runId" in notice && notice.runId === "after"));
    expect(here.log.at(-1)).toBe("The event bus is back.");
  });
}

describe("the bus over LISTEN/NOTIFY", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  describeBus(
    () => postgresChannel(database.url),
    () =>
      database.administer(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'residual-bus' AND datname = '${new URL(database.url).pathname.slice(1)}'`,
      ),
  );

  it("does not take an open connection that delivers nothing (a pooler in between) for a bus", async () => {
    const deaf: OpenChannel = async () => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return { send: async () => void (await client.query("SELECT 1")), close: () => void client.end() };
    };
    const ear = new Ear(deaf, 20);
    await ear.bus.ready;
    expect(ear.bus.isConnected).toBe(false);
    expect(ear.log[0]).toContain("does not deliver");
    // Looks at every attempt instead.
    await ear.until(() => ear.looks.length >= 2);
  });
});

/** A Redis-compatible server on PATH, or named by REDIS_SERVER. */
const redisServer = [
  process.env.REDIS_SERVER,
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => ["redis-server", "valkey-server"].map((name) => join(folder, name))),
].find((file) => file && existsSync(file));

describe.skipIf(!redisServer)(
  redisServer
    ? "the bus over Redis"
    : "the bus over Redis (skipped: no redis-server or valkey-server on PATH, none named by REDIS_SERVER)",
  () => {
    let url: string;
    let stop: () => Promise<unknown>;
    beforeAll(async () => {
      const port = await freePort();
      const server = spawn(
        redisServer!,
        ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        { stdio: "ignore", cwd: "/tmp" },
      );
      stop = () => {
        server.kill();
        return once(server, "exit");
      };
      url = `redis://127.0.0.1:${port}`;
      const client = new Redis(url, { lazyConnect: false });
      client.on("error", () => {});
      await client.ping();
      client.disconnect();
    });
    afterAll(() => stop());

    describeBus(
      () => redisChannel(url),
      async () => {
        const client = new Redis(url);
        await client.call("CLIENT", "KILL", "TYPE", "pubsub");
        await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        client.disconnect();
      },
    );
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
