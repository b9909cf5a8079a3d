import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeFloat64Column } from "./columns.js";
import { eventually, type GraphQLClient, graphqlClient, Refusal } from "./graphql-client.js";
import { childOf } from "./processes.js";
import { type System, startSystem } from "./system.js";

/** Room for the database of a system without runs (90 MB of it write-ahead log), and some. */
const diskBytes = 260_000_000;

/** A mount namespace in which this user may mount and Postgres, which refuses to be root, still is who it was. */
const ownMounts =
  process.getuid?.() === 0
    ? ["unshare", "--mount", "--"]
    : ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "--"];
const mayMount =
  spawnSync(ownMounts[0]!, [...ownMounts.slice(1), "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

describe.skipIf(!mayMount)(
  "a disk on which the database has no space left (needs a system that lets one mount)",
  () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "residual-disk-"));
    let system: System;
    let owner: GraphQLClient;
    let script: GraphQLClient;
    let run: string;
    beforeAll(async () => {
      const mount = `mount -t tmpfs -o size=${diskBytes},mode=0755 tmpfs ${dataDir} && exec "$@"`;
      system = await startSystem(["--empty", "--no-worker"], dataDir, {
        within: [...ownMounts, "sh", "-c", mount, "sh"],
      });
      owner = await system.owner();
      const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
        `mutation { createExperiment(input: { project: "main", name: "On a full disk" }) { id } }`,
      );
      const { createRun } = await owner<{ createRun: { id: string } }>(
        "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
        { input: { experiment: createExperiment.id, name: "logged" } },
      );
      const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
        `mutation { createApiKey(input: { name: "script", scopes: [LOG, READ] }) { key } }`,
      );
      run = createRun.id;
      script = graphqlClient(system.origin, { authorization: `Bearer ${createApiKey.key}` });
    });
    afterAll(async () => {
      await system.close();
      rmSync(dataDir, { recursive: true, force: true });
    });

    const stepsOfFrame = 500;
    const stepsOf = (seq: number) =>
      Array.from({ length: stepsOfFrame }, (_, index) => (seq - 1) * stepsOfFrame + index);
    // Nothing that a disk could hold in less space.
    const lossAt = (step: number) => 1 + (Math.fround(Math.sin(step * 12.9898) * 43_758.5453) % 1);
    const log = (seq: number) => {
      const values = Object.fromEntries(
        Array.from({ length: 10 }, (_, column) => [
          `metric/${column}`,
          stepsOf(seq).map((step) => lossAt(step + column / 10)),
        ]),
      );
      return script<{ logMetrics: { ackedSeq: number } }>(
        "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
        { input: { run, writer: "script", seq, frame: { steps: stepsOf(seq), values } } },
      );
    };

    it("refuses what it cannot store, as what can be repeated; once there is space again all is stored, once, and nothing acknowledged was lost", async () => {
      const folder = `/proc/${childOf(system.process.pid!, "apps/api/dist/main.js").pid}/root${dataDir}`;
      const ballast = path.join(folder, "ballast");
      let acked = 0;
      while (acked < 3) acked = (await log(acked + 1)).logMetrics.ackedSeq;
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 200_000));

      const refusals: Refusal[] = [];
      for (let seq = acked + 1; refusals.length < 3; ) {
        try {
          acked = (await log(seq)).logMetrics.ackedSeq;
          seq = acked + 1;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          refusals.push(error);
        }
      }
      for (const { status, errors } of refusals)
        expect({ status, code: errors[0]!.extensions.code }).toEqual({ status: 503, code: "UNAVAILABLE" });

      rmSync(ballast);
      for (let seq = acked + 1; seq <= acked + 5; seq++)
        await eventually(
          () => log(seq),
          ({ logMetrics }) => logMetrics.ackedSeq === seq,
          120_000,
        );
      const { metricSeries } = await owner<{ metricSeries: { step: string; value: string }[] }>(
        `query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["metric/0"], maxPoints: 10000) { step value } }`,
        { runs: [run] },
      );
      const steps = Array.from({ length: (acked + 5) * stepsOfFrame }, (_, step) => step);
      expect([...decodeFloat64Column(metricSeries[0]!.step)]).toEqual(steps);
      expect([...decodeFloat64Column(metricSeries[0]!.value)]).toEqual(steps.map(lossAt));
      const { run: after } = await owner<{ run: { integrity: { pointsAcknowledged: number; pointsStored: number } } }>(
        "query($id: ID!) { run(id: $id) { integrity { pointsAcknowledged pointsStored } } }",
        { id: run },
      );
      expect(after.integrity.pointsStored).toBe(after.integrity.pointsAcknowledged);
      expect(after.integrity.pointsStored).toBe((acked + 5) * stepsOfFrame * 10);
    });
  },
);
