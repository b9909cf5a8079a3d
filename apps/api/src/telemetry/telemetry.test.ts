import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { incoming, insertTestRun, testFrame } from "../modules/metric/test-run.fixture.js";
import { queueTestRuns, seed } from "../test-seed.js";
import { startTestServer, type TestServer } from "../test-server.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const page = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, server.url), { headers });

/** By name and labels, as Prometheus would read them. */
async function samples(): Promise<Map<string, number>> {
  const text = await (await page("/metrics")).text();
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

describe("/metrics", () => {
  it("counts requests by route and status, and makes no series of what a path names", async () => {
    await server.ask("{ build { commit } }");
    for (const name of ["run_1.arrow", "run_2.arrow"]) await page(`/export/${name}`);
    await page("/../secret");
    const found = await samples();
    expect(found.get('residual_http_request_seconds_count{route="graphql",status="200"}')).toBe(1);
    const names = [...found.keys()].join("\n");
    expect(names).toContain('route="export"');
    expect(names).toContain('route="other"');
    expect(names).not.toMatch(/run_1|secret/);
  });

  it("counts what was stored, the queue and the workers", async () => {
    const { pool } = server.database;
    await queueTestRuns(server.database, await seed(server.database), 2);
    const run = await insertTestRun(pool);
    const frame = testFrame([1, 2], { "train/loss": [2, 1], "val/loss": [3, 2] });
    await server.app.metrics.ingest.log(run.distKey, incoming(run, 1, frame));
    const found = await samples();
    expect(found.get("residual_points_stored_total")).toBe(4);
    expect(found.get("residual_frames_stored_total")).toBe(1);
    expect(found.get('residual_jobs{status="QUEUED"}')).toBe(2);
    expect(found.get("residual_workers_online")).toBe(1);
    expect(found.get("process_resident_memory_bytes")).toBeGreaterThan(10e6);
  });

  it("is for programs of this machine that come directly, unless a token says otherwise", async () => {
    expect((await page("/metrics", { "X-Forwarded-For": "203.0.113.9" })).status).toBe(403);
    server.app.env.RESIDUAL_METRICS_TOKEN = "a token for the scraper of this test";
    try {
      const authorization = `Bearer ${server.app.env.RESIDUAL_METRICS_TOKEN}`;
      expect((await page("/metrics")).status).toBe(401);
      expect((await page("/metrics", { authorization: `${authorization}.` })).status).toBe(401);
      expect((await page("/metrics", { authorization, "X-Forwarded-For": "203.0.113.9" })).status).toBe(200);
    } finally {
      delete server.app.env.RESIDUAL_METRICS_TOKEN;
    }
  });
});

it("/healthz says that the process lives, /readyz that it can serve", async () => {
  expect(await (await page("/healthz")).json()).toEqual({ status: "ok" });
  expect(await (await page("/readyz")).json()).toEqual({ status: "ok" });
});
