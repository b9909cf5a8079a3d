import "reflect-metadata";
import { architectureIds } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Seed, seed, testConfig } from "../../test-seed.js";
import { startTestServer, type TestServer } from "../../test-server.js";

let server: TestServer;
let seeded: Seed;
let owner: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  seeded = await seed(server.database);
  owner = await server.signIn();
});
afterAll(() => server.close());

const minimal = { architecture: "resnet50", batchSize: 8, epochs: 3, learningRate: 5e-5 };

const start = (config: object, more: object = {}) =>
  server.ask(
    "mutation ($i: StartRunInput!) { startRun(input: $i) { id name status config seed group tags stopRequested passport { parameters classes } jobs { kind status } } }",
    { i: { experiment: seeded.experiment.id, dataset: seeded.dataset.id, config, ...more } },
    owner,
  );

const sweep = (input: object) =>
  server.ask(
    "mutation ($i: StartSweepInput!) { startSweep(input: $i) { id group seed } }",
    { i: { experiment: seeded.experiment.id, dataset: seeded.dataset.id, ...input } },
    owner,
  );

describe("startRun", () => {
  test("freezes the complete configuration with the run and queues one job", async () => {
    const { data } = await start(minimal, { tags: ["first", "first"] });
    expect(data.startRun).toMatchObject({
      name: "ResNet-50 · 224 px · seed 0",
      status: "QUEUED",
      seed: 0,
      tags: ["first"],
      config: {
        ...minimal,
        optimizer: "ADAMW",
        weightDecay: 0.01,
        warmupFraction: 0.1,
        evalEvery: 1,
        trainImages: null,
      },
      jobs: [{ kind: "TRAIN_RUN", status: "QUEUED" }],
      // ResNet-50 with a head of two classes.
      passport: { parameters: 23_508_032 + 2 * 2_049, classes: 2 },
    });
  });

  test("answers a value out of range with the field, the range and the reason, and stores nothing", async () => {
    const count = async () => (await server.database.pool.query("SELECT count(*) FROM run")).rows[0].count;
    const before = await count();
    const { errors } = await start({ ...minimal, learningRate: 0.1, batchSize: 4096 });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "config.batchSize", limit: [2, 64] });
    expect(errors?.[0]?.message).toContain("activations");
    const problems = errors![0]!.extensions.problems as { field: string }[];
    expect(problems.map(({ field }) => field)).toEqual(["config.batchSize", "config.learningRate"]);
    expect(await count()).toBe(before);
  });

  test.each([
    ["experiment", { experiment: `exp_${"0".repeat(32)}` }, "NOT_FOUND"],
    ["dataset", { dataset: `dst_${"0".repeat(32)}` }, "NOT_FOUND"],
    ["priority", { priority: 1e6 }, "BAD_INPUT"],
    ["name", { name: "x".repeat(300) }, "BAD_INPUT"],
    ["tags", { tags: Array.from({ length: 33 }, (_, i) => `t${i}`) }, "BAD_INPUT"],
  ])("refuses a wrong %s", async (_, more, code) => {
    expect((await start(minimal, more)).errors?.[0]?.extensions.code).toBe(code);
  });
});

describe("startSweep", () => {
  test("queues every configuration with every seed, and seeds share their group", async () => {
    const { data } = await sweep({ configs: [testConfig, { ...testConfig, learningRate: 2e-4 }], seeds: [0, 1, 2, 2] });
    const groups = data.startSweep.map(({ group }: { group: string }) => group);
    expect(data.startSweep.map(({ seed: s }: { seed: number }) => s)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(new Set(groups.slice(0, 3)).size).toBe(1);
    expect(new Set(groups).size).toBe(2);
  });

  test("is refused as a whole when one configuration is wrong, or when it is too large", async () => {
    const wrong = await sweep({ configs: [testConfig, { ...testConfig, epochs: 0 }] });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "configs[1].epochs" });
    const large = await sweep({ configs: [testConfig], seeds: Array.from({ length: 301 }, (_, i) => i) });
    expect(large.errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "seeds", limit: [1, 300] });
    expect((await sweep({ configs: [] })).errors?.[0]?.extensions).toMatchObject({ field: "configs" });
  });
});

test("runs in the trash leave the lists, are found by their id, and come back", async () => {
  const { id } = (await start(testConfig)).data.startRun;
  const slug = (await server.database.pool.query("SELECT slug FROM project")).rows[0].slug;
  const listed = async (trashed: boolean) => {
    const { data } = await server.ask(
      "query ($p: String!, $t: Boolean!) { runs(project: $p, trashed: $t, first: 1000) { nodes { id } } }",
      { p: slug, t: trashed },
      owner,
    );
    return data.runs.nodes.some((run: { id: string }) => run.id === id);
  };
  await server.ask("mutation ($ids: [ID!]!) { deleteRuns(ids: $ids) { trashedAt } }", { ids: [id] }, owner);
  expect([await listed(false), await listed(true)]).toEqual([false, true]);
  expect(
    (await server.ask("query ($id: ID!) { run(id: $id) { status trashedAt } }", { id }, owner)).data.run,
  ).toMatchObject({ status: "STOPPED" });
  await server.ask("mutation ($ids: [ID!]!) { restoreRuns(ids: $ids) { id } }", { ids: [id] }, owner);
  expect([await listed(false), await listed(true)]).toEqual([true, false]);
});

describe("a run that is logged from elsewhere", () => {
  const create = async (input: object) =>
    server.ask(
      "mutation ($i: CreateRunInput!) { createRun(input: $i) { id status origin config architecture { id } } }",
      { i: { experiment: seeded.experiment.id, ...input } },
      owner,
    );
  const finish = (id: string, status: string) =>
    server.ask(
      "mutation ($id: ID!, $s: RunStatus!) { finishRun(input: {id: $id, status: $s}) { status finishedAt } }",
      { id, s: status },
      owner,
    );

  test("runs from its creation until it is finished; saying so twice is fine, taking it back is not", async () => {
    const { data } = await create({ name: "keras", config: { lr: 0.1, nested: { a: [1, null] } } });
    expect(data.createRun).toMatchObject({
      status: "RUNNING",
      origin: "LOGGED",
      config: { lr: 0.1, nested: { a: [1, null] } },
      architecture: null,
    });
    expect((await finish(data.createRun.id, "FINISHED")).data.finishRun).toMatchObject({ status: "FINISHED" });
    expect((await finish(data.createRun.id, "FINISHED")).errors).toBeUndefined();
    expect((await finish(data.createRun.id, "FAILED")).errors?.[0]?.extensions.code).toBe("CONFLICT");
    expect((await finish(data.createRun.id, "QUEUED")).errors?.[0]?.extensions).toMatchObject({
      code: "BAD_INPUT",
      field: "status",
    });
  });

  test("takes an object as its configuration, and no keys that would poison one", async () => {
    expect((await create({ name: "x", config: [1] })).errors?.[0]?.extensions).toMatchObject({
      code: "BAD_INPUT",
      field: "config",
    });
    const response = await server.ask(
      'mutation ($e: ID!) { createRun(input: {experiment: $e, name: "x", config: {constructor: 1}}) { id } }',
      { e: seeded.experiment.id },
      owner,
    );
    expect(response.errors?.[0]?.extensions.code).toBe("BAD_INPUT");
  });

  test("is stopped by its own script: stopRun only tells it so, cancelRun ends it", async () => {
    const { id } = (await create({ name: "loop" })).data.createRun;
    const ask = (field: string) =>
      server.ask(`mutation ($id: ID!) { ${field}(id: $id) { status stopRequested } }`, { id }, owner);
    expect((await ask("stopRun")).data.stopRun).toEqual({ status: "RUNNING", stopRequested: true });
    expect((await ask("cancelRun")).data.cancelRun).toEqual({ status: "STOPPED", stopRequested: true });
    expect((await ask("resumeRun")).errors?.[0]?.extensions.code).toBe("CONFLICT");
  });
});

test("the preflight says what fits, and refuses what startRun would refuse", async () => {
  const ask = (input: object) =>
    server.ask(
      "query ($i: TrainingConfigInput!, $d: ID!) { preflight(input: $i, dataset: $d) { fits memoryBytes availableBytes seconds secondsPerEpoch cost { amount currency } findings { severity field message { key text } } } }",
      { i: input, d: seeded.dataset.id },
      owner,
    );
  const { preflight } = (await ask({ ...testConfig, epochs: 2 })).data;
  expect(preflight).toMatchObject({ fits: true, availableBytes: 8e9 });
  expect(preflight.seconds).toBeCloseTo(2 * preflight.secondsPerEpoch, 6);
  const large = (
    await ask({
      ...testConfig,
      architecture: "vit_large_patch16_224",
      learningRate: 1e-5,
      batchSize: 32,
      imageSize: 512,
    })
  ).data.preflight;
  expect(large.fits).toBe(false);
  expect(large.findings[0]).toMatchObject({
    severity: "BAD",
    field: "batchSize",
    message: { key: "preflight.memoryShort" },
  });
  const bigBatch = { architecture: "resnet50", learningRate: 1e-4, batchSize: 64, imageSize: 384 };
  const { preflight: cut } = (await ask({ ...testConfig, ...bigBatch })).data;
  expect(cut.fits).toBe(true);
  expect(cut.findings[0]).toMatchObject({ severity: "WARN", message: { key: "preflight.memoryCut" } });
  const parted = { architecture: "vit_large_patch16_224", learningRate: 1e-5, batchSize: 32, imageSize: 512 };
  const frugal = { ...testConfig, ...parted, microBatches: 32, gradientCheckpointing: true };
  const { preflight: frugally } = (await ask(frugal)).data;
  expect(frugally.fits).toBe(true);
  expect(frugally.findings.map(({ message }: { message: { key: string } }) => message.key)).toContain(
    "preflight.checkpointing",
  );
  // Blocks that are computed again add a forward pass to the three that a step costs; evaluations stay as they are.
  const bare = { ...frugal, gradientCheckpointing: false };
  const secondsOf = async (input: object) => (await ask(input)).data.preflight.seconds;
  expect((await secondsOf(frugal)) / (await secondsOf(bare))).toBeGreaterThan(1.2);
  expect((await ask({ ...testConfig, epochs: 0 })).errors?.[0]?.extensions).toMatchObject({
    code: "BAD_INPUT",
    field: "input.epochs",
  });
  expect(preflight.cost).toBeNull();
  await server.database.pool.query(`UPDATE worker SET hourly_rate = '{"amount": 1.2, "currency": "EUR"}'`);
  const priced = (await ask(testConfig)).data.preflight;
  expect(priced.cost).toEqual({ amount: expect.closeTo((1.2 * priced.seconds) / 3600, 9), currency: "EUR" });
  await server.database.pool.query("UPDATE worker SET last_seen_at = now() - interval '1 hour'");
  const alone = (await ask(testConfig)).data.preflight;
  expect(alone).toMatchObject({ fits: true, availableBytes: null, seconds: null });
});

test("the guide speaks of the dataset's size and stays within the bounds of the architecture", async () => {
  const { data } = await server.ask(
    "query ($d: ID!) { architectures { id bounds { batchSize { min max } epochs { min max } } } trainingGuide(architecture: resnet101, dataset: $d) { datasetImages sizeClass recommended { batchSize epochs } notes { source message { key } } } }",
    { d: seeded.dataset.id },
    owner,
  );
  expect(data.architectures).toHaveLength(architectureIds.length);
  expect(data.trainingGuide).toMatchObject({ datasetImages: 100, sizeClass: "BELOW_MINIMUM" });
  const { bounds } = data.architectures.find(({ id }: { id: string }) => id === "resnet101");
  const { batchSize, epochs } = data.trainingGuide.recommended;
  expect(batchSize).toBeGreaterThanOrEqual(bounds.batchSize.min);
  expect(epochs).toBeLessThanOrEqual(bounds.epochs.max);
});
