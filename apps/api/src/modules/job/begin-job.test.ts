import "reflect-metadata";
import { completeTrainingConfig } from "@residual/shared";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import { queueTestRuns, type Seed, seed, testConfig } from "../../test-seed.js";
import { Run } from "../run/run.entity.js";
import { claimJob } from "./claim-job.js";

let api: TestApi;
let seeded: Seed;
let runs: string[];
let lease: { job: string; leaseGeneration: number };

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  seeded = await seed(api.database);
  runs = await queueTestRuns(api.database, seeded, 2);
  lease = await claim();
});
afterAll(() => api.close());

const published = { source: "timm/resnet18.a1_in1k", sha256: "b".repeat(64), layout: "timm", resized: [] };
const found = { ...published, replaced: ["fc.weight", "fc.bias"] };
const random = { source: "RANDOM", replaced: [], resized: [] };

async function claim() {
  const { jobId, leaseGeneration } = (await claimJob(api.database.pool, seeded.workers[0]!, ["TRAIN_RUN"]))!;
  return { job: jobId, leaseGeneration };
}

const begin = (initialWeights: object, of = lease) => ({
  mutation: "mutation ($i: BeginJobInput!) { beginJob(input: $i) { id } }",
  variables: { i: { ...of, initialWeights } },
});
const say = ({ mutation, variables }: ReturnType<typeof begin>) => api.ask(mutation, variables);
const readRun = (i = 0) => api.database.db.getRepository(Run).findOneByOrFail({ id: runs[i]! });

describe("the weights that a training began with", () => {
  test("are kept with the run and shown in its passport, while its config still says AUTO", async () => {
    const before = await readRun();
    await say(begin(found));
    expect(await readRun()).toMatchObject({ config: before.config, initialWeights: found });
    const query =
      "query ($id: ID!) { run(id: $id) { passport { initialWeights { source sha256 layout replaced resized } } } }";
    expect(await api.ask(query, { id: runs[0] })).toEqual({ run: { passport: { initialWeights: found } } });
  });

  test("of a run that found none are random in its config too, with what only trained weights bear undone", async () => {
    await say(begin(random));
    const { config } = await readRun();
    expect(config).toEqual({
      ...completeTrainingConfig(testConfig),
      ...{ initialWeights: "RANDOM", headLearningRateFactor: 1, layerDecay: 1, freeze: "NONE", freezeBatchNorm: false },
    });
    await say(begin(random));
    expect((await readRun()).config).toEqual(config);
  });

  test("part a group of seeds: who found none is not of the group of who did", async () => {
    const group = (await readRun(1)).group;
    expect((await readRun(0)).group).toBe(group);
    await say(begin(random));
    expect((await readRun(0)).group).not.toBe(group);
    await say(begin(random, await claim()));
    expect((await readRun(1)).group).toBe((await readRun(0)).group);
  });

  test("part a group of seeds: AUTO that found one file is not of the group of AUTO that found another", async () => {
    const other = { ...found, sha256: "c".repeat(64) };
    await say(begin(found));
    await say(begin(other, await claim()));
    expect((await readRun(1)).group).not.toBe((await readRun(0)).group);
    const [third, fourth] = await queueTestRuns(api.database, seeded, 2);
    runs = [runs[0]!, runs[1]!, third!, fourth!];
    await say(begin(other, await claim()));
    await say(begin(found, await claim()));
    expect((await readRun(2)).group).toBe((await readRun(1)).group);
    expect((await readRun(3)).group).toBe((await readRun(0)).group);
  });

  test("are refused where they are impossible, and from a worker that lost its lease", async () => {
    const refused = (initialWeights: object, of = lease) => {
      const { mutation, variables } = begin(initialWeights, of);
      return api.refusal(mutation, variables);
    };
    expect(await refused({ ...found, sha256: "b" })).toMatchObject({ field: "initialWeights.sha256" });
    expect(await refused({ ...found, source: " " })).toMatchObject({ field: "initialWeights.source" });
    expect(await refused({ ...found, replaced: Array(257).fill("x") })).toMatchObject({
      field: "initialWeights.replaced",
      limit: [0, 256],
    });
    expect(await refused(found, { ...lease, leaseGeneration: 7 })).toMatchObject({ code: "FENCED" });
    expect((await readRun()).initialWeights).toBeNull();
  });
});
