import "reflect-metadata";
import { readImageList } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test-api.fixture.js";
import type { Viewer } from "../../viewer.js";
import { unpackImageList } from "../dataset/image-list.js";
import { evaluationInput, insertScannedDataset, shippedDataset, shippedFiles } from "../image/images.fixture.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

type Image = {
  index: number;
  file: string | null;
  picture: string | null;
  truth: string | null;
  predictions: { run: string; class: string; confidence: number | null; isRight: boolean }[];
};
type Images = { total: number; nodes: Image[]; picturesMissing: { key: string; text: string } | null };

const parts = `total picturesMissing { key text } nodes { index file picture truth predictions { run class confidence isRight } }`;
const mistakesQuery = `query($id: ID!, $first: Int!, $offset: Int!, $truth: String, $predicted: String) {
  run(id: $id) { bestEvaluation { val { mistakes(first: $first, offset: $offset, truth: $truth, predicted: $predicted) { ${parts} } } } } }`;
const disagreementsQuery = `query($run: ID!, $baseline: ID!, $where: Agreement!) {
  disagreements(run: $run, baseline: $baseline, where: $where) {
    onlyRunRight onlyBaselineRight bothWrong bothRight images { ${parts} } } }`;
const log = "mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }";

async function mistakes(run: TestRun, args: Record<string, unknown> = {}, as?: Viewer): Promise<Images | null> {
  const variables = { id: run.id, first: 24, offset: 0, ...args };
  const { run: found } = await api.ask<{ run: { bestEvaluation: { val: { mistakes: Images | null } } } }>(
    mistakesQuery,
    variables,
    as && { as },
  );
  return found.bestEvaluation.val.mistakes;
}

async function disagreements(run: TestRun, baseline: TestRun, where: string) {
  const variables = { run: run.id, baseline: baseline.id, where };
  type Found = {
    images: Images;
    onlyRunRight: number;
    onlyBaselineRight: number;
    bothWrong: number;
    bothRight: number;
  };
  return (await api.ask<{ disagreements: Found | null }>(disagreementsQuery, variables)).disagreements;
}

/** Two images of each of ten classes: labels 0 0 1 1 … 9 9. */
const files = shippedFiles(2);
const labels = files.map((_, i) => i >> 1);
const names = [...new Set(files.map((file) => file.split("/")[0]!))];

/** Two runs on the shipped images. The first is wrong on images 0, 3 and 5, the second on 3 and 8. */
async function twoRuns(): Promise<[TestRun, TestRun, string]> {
  const [a, b] = (await insertTestRuns(api.database.pool, 2)) as [TestRun, TestRun];
  const { imagesHash } = await insertScannedDataset(api.database.pool, [a, b], { folder: shippedDataset, files });
  const taken = (wrong: Record<number, number>) => labels.map((label, i) => wrong[i] ?? label);
  const sure = (confidences: Record<number, number>) => labels.map((_, i) => confidences[i] ?? 0.5);
  const first = evaluationInput(a, imagesHash, labels, taken({ 0: 4, 3: 4, 5: 9 }), sure({ 0: 0.4, 3: 0.9, 5: 0.99 }));
  const second = evaluationInput(b, imagesHash, labels, taken({ 3: 7, 8: 0 }), sure({ 3: 0.6, 8: 0.7, 5: 1 }));
  for (const input of [first, second]) await api.ask(log, { input });
  return [a, b, imagesHash];
}

describe("the mistakes of a run", () => {
  it("come the most confident first, each with its picture, its class and what it was taken for", async () => {
    const [a, , imagesHash] = await twoRuns();
    const found = (await mistakes(a))!;
    expect(found).toMatchObject({ total: 3, picturesMissing: null });
    expect(found.nodes.map(({ index }) => index)).toEqual([5, 3, 0]);
    expect(found.nodes[0]).toEqual({
      ...{ index: 5, file: files[5], picture: `/image/${a.id}/${imagesHash}/5`, truth: names[2] },
      predictions: [{ run: a.id, class: names[9], confidence: expect.closeTo(0.99, 4), isRight: false }],
    });
  });

  it("can be asked of one class, of what was taken for one, and page by page", async () => {
    const [a] = await twoRuns();
    const indices = async (args: Record<string, unknown>) => (await mistakes(a, args))!.nodes.map(({ index }) => index);
    expect(await indices({ predicted: names[4] })).toEqual([3, 0]);
    expect(await indices({ truth: names[0], predicted: names[4] })).toEqual([0]);
    expect(await indices({ truth: names[7] })).toEqual([]);
    expect(await indices({ first: 2, offset: 1 })).toEqual([3, 0]);
    expect(await indices({ offset: 99 })).toEqual([]);
    for (const [field, value] of [
      ["truth", "no class"],
      ["offset", -1],
      ["first", 100_000],
    ] as const)
      expect(await api.refusal(mistakesQuery, { id: a.id, first: 24, offset: 0, [field]: value })).toMatchObject({
        code: "BAD_INPUT",
        field,
      });
  });

  it("say why there are no pictures: the scan kept no names, the folder is elsewhere, the run was trained elsewhere", async () => {
    const [a, b] = await twoRuns();
    const { pool } = api.database;
    const { rows } = await pool.query<{ id: string }>("SELECT dataset_id AS id FROM run WHERE id = $1", [a.id]);
    await pool.query("UPDATE dataset SET path = '/not/here' WHERE id = $1", [rows[0]!.id]);
    const elsewhere = (await mistakes(a))!;
    expect(elsewhere.picturesMissing!.key).toBe("pictures.elsewhere");
    expect(elsewhere.nodes[0]).toMatchObject({ file: files[5], picture: null, truth: names[2] });
    await pool.query("DELETE FROM dataset_images WHERE dataset_id = $1", [rows[0]!.id]);
    const unlisted = (await mistakes(a))!;
    expect(unlisted.picturesMissing!.key).toBe("pictures.notListed");
    expect(unlisted.nodes[0]).toMatchObject({ index: 5, file: null, picture: null, truth: names[2] });
    await pool.query("UPDATE run SET dataset_id = NULL WHERE id = $1", [b.id]);
    const foreign = (await mistakes(b))!;
    expect(foreign.picturesMissing!.key).toBe("pictures.noDataset");
    expect(foreign.nodes[0]).toMatchObject({ truth: null, file: null, predictions: [{ class: "0" }] });
  });

  it("are unknown where predictions were not logged", async () => {
    const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    const input = evaluationInput(run, "0", [0, 1], [0, 0], [1, 1]);
    await api.ask(log, { input: { ...input, val: { ...input.val, predictions: null } } });
    expect(await mistakes(run)).toBeNull();
  });

  it("have no file names for the holder of a share link", async () => {
    const [a] = await twoRuns();
    const asItIs = <T>(shown: T) => shown;
    const visitor = {
      ...{ kind: "SHARE_LINK", id: "lnk", name: "link", principal: "link:test", expiresAt: null, scopes: [] },
      share: {
        ...{ linkId: "lnk", frozenRunIds: null, coversRun: () => true, coversExperiment: () => false },
        ...{ present: asItIs, presentExperiment: asItIs, presentDataset: asItIs, presentText: asItIs },
      },
    } as unknown as Viewer;
    const [first] = (await mistakes(a, {}, visitor))!.nodes;
    expect(first).toMatchObject({ file: null, picture: expect.stringContaining("/image/"), truth: names[2] });
  });
});

describe("two runs on the same images", () => {
  it("are told apart image by image, the surest mistakes first", async () => {
    const [a, b] = await twoRuns();
    const counts = { onlyRunRight: 1, onlyBaselineRight: 2, bothWrong: 1, bothRight: 16 };
    const onlyB = (await disagreements(a, b, "ONLY_BASELINE_RIGHT"))!;
    expect(onlyB).toMatchObject(counts);
    // By the mistake, not by the right answer: b is surest on image 5, where a is wrong with 0.99, too.
    expect(onlyB.images.nodes.map(({ index }) => index)).toEqual([5, 0]);
    expect(onlyB.images.nodes[0]!.predictions).toEqual([
      { run: a.id, class: names[9], confidence: expect.closeTo(0.99, 4), isRight: false },
      { run: b.id, class: names[2], confidence: expect.closeTo(1, 4), isRight: true },
    ]);
    const indices = async (where: string) => (await disagreements(a, b, where))!.images.nodes.map(({ index }) => index);
    expect(await indices("ONLY_RUN_RIGHT")).toEqual([8]);
    expect(await indices("BOTH_WRONG")).toEqual([3]);
    expect((await disagreements(a, b, "BOTH_RIGHT"))!.images.total).toBe(16);
  });

  it("cannot be where they were scored on other images", async () => {
    const [a] = await twoRuns();
    const [c] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
    await api.ask(log, {
      input: evaluationInput(
        c,
        "other",
        labels,
        labels,
        labels.map(() => 1),
      ),
    });
    expect(await disagreements(a, c, "BOTH_RIGHT")).toBeNull();
  });
});

it("tests two runs of another script image by image too, where their predictions say which are right", async () => {
  const runs = (await insertTestRuns(api.database.pool, 2)) as [TestRun, TestRun];
  const truth = Array.from({ length: 200 }, () => 0);
  for (const [run, wrong] of [
    [runs[0], 20],
    [runs[1], 60],
  ] as const) {
    const taken = truth.map((_, i) => (i < wrong ? 1 : 0));
    await api.ask(log, {
      input: evaluationInput(
        run,
        "elsewhere",
        truth,
        taken,
        truth.map(() => 0.9),
      ),
    });
  }
  const { comparison } = await api.ask<{ comparison: { tests: Record<string, unknown>[] } }>(
    "query($runs: [ID!]!) { comparison(runs: $runs) { tests { method onlyRunRight onlyBaselineRight } } }",
    { runs: runs.map(({ id }) => id) },
  );
  expect(comparison.tests).toEqual([
    { method: expect.stringContaining("MCNEMAR"), onlyRunRight: 0, onlyBaselineRight: 40 },
  ]);
});

it("reaches the last page of 10,000 images as it does the first", async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `${i < 5_000 ? "cat" : "dog"}/${i}.png`);
  const truth = many.map((_, i) => (i < 5_000 ? 0 : 1));
  const [run] = (await insertTestRuns(api.database.pool, 1)) as [TestRun];
  const { id, imagesHash } = await insertScannedDataset(api.database.pool, [run], {
    folder: shippedDataset,
    files: many,
    contentOf: (file) => Buffer.from(file),
  });
  const sure = truth.map((_, i) => (i + 1) / 20_000);
  await api.ask(log, {
    input: evaluationInput(
      run,
      imagesHash,
      truth,
      truth.map((label) => 1 - label),
      sure,
    ),
  });
  const last = (await mistakes(run, { first: 24, offset: 9_990 }))!;
  expect(last.total).toBe(10_000);
  expect(last.nodes.map(({ file }) => file)).toEqual(many.slice(0, 10).reverse());
  const { rows } = await api.database.pool.query("SELECT images FROM dataset_images WHERE dataset_id = $1", [id]);
  expect(readImageList(await unpackImageList(rows[0].images))).toHaveLength(10_000);
  expect(rows[0].images.length).toBeLessThan(160_000);
});
