import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { type Seed, seed, testConfig } from "../../test-seed.js";
import { promoteSweeps } from "./promote-sweeps.js";

let api: TestApi;
let seeded: Seed;
beforeAll(async () => {
  api = await openTestApi();
  seeded = await seed(api.database);
});
afterAll(() => api.close());

const fields =
  "sweep { id status keepOneIn costFactor rungs { candidates share runs { id status parent { id } } } } config";
type Run = { id: string; status: string; parent: { id: string } | null };
type Sweep = {
  id: string;
  status: string;
  costFactor: number;
  rungs: { candidates: number; share: number; runs: Run[] }[];
};
type Started = { id: string; sweep: Sweep; config: { epochs: number; learningRate: number } };

async function start(learningRates: number[], more: Record<string, unknown> = {}): Promise<Started[]> {
  const configs = learningRates.map((learningRate) => ({ ...testConfig, epochs: 9, learningRate }));
  const input = { experiment: seeded.experiment.id, dataset: seeded.dataset.id, configs, ...more };
  const answer = await api.ask<{ startSweep: Started[] }>(
    `mutation ($input: StartSweepInput!) { startSweep(input: $input) { id ${fields} } }`,
    { input },
  );
  return answer.startSweep;
}

/** Ends a run with so many val images right, as its worker would. */
async function finish(id: string, correct: number): Promise<void> {
  const { pool } = api.database;
  await pool.query("UPDATE run SET status = 'FINISHED', lease_generation = 1 WHERE id = $1", [id]);
  await pool.query("UPDATE job SET status = 'DONE' WHERE run_id = $1", [id]);
  const score = { examples: 100, correct, meanLoss: 1 };
  await api.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }", {
    input: { run: id, leaseGeneration: 1, epoch: 1, step: 10, train: score, val: score },
  });
}

const read = async (id: string) =>
  (
    await api.ask<{ node: Sweep }>(
      "query($id: ID!) { node(id: $id) { ... on Sweep { id status costFactor rungs { candidates share runs { id status parent { id } } } } } }",
      { id },
    )
  ).node;

describe("a sweep that halves", () => {
  it("trains all for a part of their epochs and the best of them on, up to one that trains to its end", async () => {
    const runs = await start([1e-5, 2e-5, 3e-5, 4e-5], { keepOneIn: 2 });
    const [{ sweep }] = runs as [Started];
    expect(runs.map(({ config }) => config.epochs)).toEqual([2, 2, 2, 2]);
    expect(sweep.costFactor).toBeCloseTo((4 / 4 + 2 / 2 + 1) / 4, 9);
    expect(await promoteSweeps(api.database.pool)).toEqual([]);
    for (const [i, correct] of [50, 70, 60, 40].entries()) await finish(runs[i]!.id, correct);
    const second = await promoteSweeps(api.database.pool);
    expect(await promoteSweeps(api.database.pool)).toEqual([]);
    const { rungs } = await read(sweep.id);
    expect(rungs[1]!.runs.map(({ id }) => id).sort()).toEqual([...second].sort());
    expect(rungs[1]!.runs.map(({ parent }) => parent!.id)).toEqual([runs[1]!.id, runs[2]!.id]);
    await finish(second[0]!, 60);
    await finish(second[1]!, 80);
    const [last] = await promoteSweeps(api.database.pool);
    const { run } = await api.ask<{ run: Started }>(`query($id: ID!) { run(id: $id) { id ${fields} } }`, { id: last });
    expect(run.config).toMatchObject({ epochs: 9, learningRate: 3e-5 });
    await finish(last!, 90);
    expect(await promoteSweeps(api.database.pool)).toEqual([]);
    expect((await read(sweep.id)).status).toBe("FINISHED");
  });

  it("is promoted once, whoever looks, and leaves a configuration that failed behind", async () => {
    const runs = await start([1e-5, 2e-5], { keepOneIn: 2 });
    await finish(runs[0]!.id, 90);
    await api.database.pool.query("UPDATE run SET status = 'FAILED' WHERE id = $1", [runs[1]!.id]);
    const both = await Promise.all([promoteSweeps(api.database.pool), promoteSweeps(api.database.pool)]);
    expect(both.flat()).toHaveLength(1);
  });

  it("ends where every run of a rung failed", async () => {
    const runs = await start([1e-5, 2e-5], { keepOneIn: 2 });
    for (const { id } of runs) await api.database.pool.query("UPDATE run SET status = 'FAILED' WHERE id = $1", [id]);
    expect(await promoteSweeps(api.database.pool)).toEqual([]);
    expect((await read(runs[0]!.sweep.id)).status).toBe("FINISHED");
  });
});

describe("a sweep", () => {
  it("of a single rung trains everything to its end", async () => {
    const runs = await start([1e-5, 2e-5], { seeds: [0, 1] });
    expect(runs).toHaveLength(4);
    expect(runs[0]!.sweep).toMatchObject({ costFactor: 1, rungs: [{ candidates: 2, share: 1 }] });
    expect(runs.every(({ config }) => config.epochs === 9)).toBe(true);
  });

  it("is stopped as a whole, and goes no further", async () => {
    const runs = await start([1e-5, 2e-5, 3e-5], { keepOneIn: 3 });
    await finish(runs[0]!.id, 50);
    const { stopSweep } = await api.ask<{ stopSweep: Sweep }>(
      "mutation($id: ID!) { stopSweep(id: $id) { id status rungs { runs { status } } } }",
      {
        id: runs[0]!.sweep.id,
      },
    );
    expect(stopSweep.status).toBe("STOPPED");
    expect(stopSweep.rungs[0]!.runs.map(({ status }) => status)).toEqual(["FINISHED", "STOPPED", "STOPPED"]);
    expect(await promoteSweeps(api.database.pool)).toEqual([]);
  });

  it("is refused with a number of which none can go on", async () => {
    const input = { experiment: seeded.experiment.id, dataset: seeded.dataset.id, configs: [testConfig], keepOneIn: 1 };
    expect(
      await api.refusal("mutation ($input: StartSweepInput!) { startSweep(input: $input) { id } }", { input }),
    ).toMatchObject({ code: "BAD_INPUT", field: "keepOneIn" });
  });
});
