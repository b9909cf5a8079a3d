import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeFloat64Column } from "./columns.js";
import { eventually, type GraphQLClient, graphqlClient } from "./graphql-client.js";
import { childOf } from "./processes.js";
import { type System, startSystem } from "./system.js";
import { openWorkbench, startRun, type Workbench } from "./workbench.js";

let system: System;
let owner: GraphQLClient;
let bench: Workbench;
beforeAll(async () => {
  system = await startSystem();
  owner = await system.owner();
  bench = await openWorkbench(owner);
});
afterAll(() => system.close());

interface RunState {
  readonly run: {
    readonly status: string;
    readonly error: string | null;
    readonly checkpoints: readonly { readonly step: number }[];
    readonly jobs: readonly { readonly leaseGeneration: number; readonly resumedFromStep: number | null }[];
    readonly integrity: { readonly pointsAcknowledged: number; readonly pointsStored: number };
    readonly series: readonly {
      readonly key: string;
      readonly count: number;
      readonly exact: boolean;
      readonly step: string;
    }[];
  };
}

const runState = (id: string) =>
  owner<RunState>(
    `query($id: ID!) { run(id: $id) {
      status error checkpoints { step } jobs { leaseGeneration resumedFromStep }
      integrity { pointsAcknowledged pointsStored }
      series(keys: ["train/running_loss"], maxPoints: 10000) { key count exact step }
    } }`,
    { id },
  );

describe("a worker that is killed in the middle of a run", () => {
  it("is replaced, and the run goes on from the last checkpoint without a missing or doubled point", async () => {
    const id = await startRun(owner, bench, { epochs: 5 });
    const before = await eventually(
      () => runState(id),
      ({ run }) => run.checkpoints.length >= 2 || run.status === "FAILED",
    );
    expect(before.run.error).toBeNull();
    process.kill(childOf(system.process.pid!, "apps/worker/dist/main.js").pid, "SIGKILL");

    const after = await eventually(
      () => runState(id),
      ({ run }) => ["FINISHED", "FAILED"].includes(run.status),
    );
    expect(after.run.error).toBeNull();
    const job = after.run.jobs[0]!;
    expect(job.leaseGeneration).toBeGreaterThanOrEqual(2);
    expect(job.resumedFromStep).toBeGreaterThan(0);
    const [series] = after.run.series;
    const steps = [...decodeFloat64Column(series!.step)];
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1));
    // What the dead worker logged beyond its checkpoint is kept and hidden; nothing that was acknowledged is lost.
    const { pointsAcknowledged, pointsStored } = after.run.integrity;
    expect(pointsStored).toBe(pointsAcknowledged);
    expect(system.output()).toContain("The worker was killed by SIGKILL");
  });
});

describe("native code that crashes in the middle of a run", () => {
  it("ends the process of that job alone; the same worker goes on from the last checkpoint, and no point is missing or doubled", async () => {
    const worker = childOf(system.process.pid!, "apps/worker/dist/main.js").pid;
    const id = await startRun(owner, bench, { epochs: 5 });
    await eventually(
      () => runState(id),
      ({ run }) => run.checkpoints.length >= 2 || run.status === "FAILED",
    );
    process.kill(childOf(worker, "job-process.js").pid, "SIGSEGV");

    const { run } = await eventually(
      () => runState(id),
      (state) => ["FINISHED", "FAILED"].includes(state.run.status),
    );
    expect(run).toMatchObject({ status: "FINISHED", error: null });
    expect(run.jobs[0]!.leaseGeneration).toBe(2);
    expect(run.jobs[0]!.resumedFromStep).toBeGreaterThan(0);
    const steps = [...decodeFloat64Column(run.series[0]!.step)];
    expect(steps).toEqual(steps.map((_, index) => index + 1));
    expect(run.integrity.pointsStored).toBe(run.integrity.pointsAcknowledged);
    expect(childOf(system.process.pid!, "apps/worker/dist/main.js").pid).toBe(worker);
  });
});

describe("an API that is killed again and again while a script logs", () => {
  it("stores every acknowledged point exactly once", async () => {
    const { createRun } = await owner<{ createRun: { id: string } }>(
      "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
      { input: { experiment: bench.experiment, name: "logged through kills" } },
    );
    const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
      `mutation { createApiKey(input: { name: "script", scopes: [LOG, READ] }) { key } }`,
    );
    const script = graphqlClient(system.origin, { authorization: `Bearer ${createApiKey.key}` });
    const writer = crypto.randomUUID();
    const frames = 150;
    const stepsAFrame = 40;
    for (let seq = 1; seq <= frames; seq++) {
      const steps = Array.from({ length: stepsAFrame }, (_, index) => (seq - 1) * stepsAFrame + index);
      if (seq % 50 === 25) process.kill(childOf(system.process.pid!, "apps/api/dist/main.js").pid, "SIGKILL");
      const { logMetrics } = await eventually(
        () =>
          script<{ logMetrics: { ackedSeq: number } }>(
            "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
            {
              input: {
                run: createRun.id,
                writer,
                seq,
                frame: { steps, values: { "train/loss": steps.map((step) => step / 7) } },
              },
            },
          ),
        () => true,
        60_000,
      );
      expect(logMetrics.ackedSeq).toBe(seq);
    }
    const { metricSeries } = await owner<{
      metricSeries: { count: number; exact: boolean; step: string; value: string }[];
    }>(
      `query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["train/loss"], maxPoints: 10000) { count exact step value } }`,
      { runs: [createRun.id] },
    );
    const expected = Array.from({ length: frames * stepsAFrame }, (_, step) => step);
    expect([...decodeFloat64Column(metricSeries[0]!.step)]).toEqual(expected);
    expect([...decodeFloat64Column(metricSeries[0]!.value)]).toEqual(expected.map((step) => step / 7));
  });
});

describe("stop and cancel", () => {
  it("end a run within one batch, and stopping keeps what was learnt", async () => {
    const stopped = await startRun(owner, bench, { epochs: 20 });
    await eventually(
      () => runState(stopped),
      ({ run }) => run.series.length > 0 && run.series[0]!.count > 3,
    );
    await owner("mutation($id: ID!) { stopRun(id: $id) { id } }", { id: stopped });
    const end = await eventually(
      () => runState(stopped),
      ({ run }) => run.status !== "RUNNING",
      60_000,
    );
    expect(end.run.status).toBe("STOPPED");
    expect(end.run.checkpoints.length).toBeGreaterThan(0);

    const cancelled = await startRun(owner, bench, { epochs: 20 });
    await eventually(
      () => runState(cancelled),
      ({ run }) => run.series.length > 0 && run.series[0]!.count > 3,
    );
    await owner("mutation($id: ID!) { cancelRun(id: $id) { id } }", { id: cancelled });
    const { run } = await eventually(
      () => runState(cancelled),
      (state) => state.run.status !== "RUNNING",
      60_000,
    );
    expect(run.status).toBe("STOPPED");
  });
});
