import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, openWindow } from "./browser.js";
import type { GraphQLClient } from "./graphql-client.js";
import { logJudgedRun, logKerasRun } from "./outside-runs.js";
import { type System, startSystem } from "./system.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let system: System;
let browser: Browser;
let paths: string[];
let judged: { run: string; comparison: string };
let keras: string;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(["--empty", "--no-worker"]), openBrowser()]);
  const owner = await system.owner();
  const { projects } = await owner<{ projects: { nodes: { slug: string }[] } }>("{ projects { nodes { slug } } }");
  const project = projects.nodes[0]!.slug;
  const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
    "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
    { input: { project, name: "Pages" } },
  );
  const runs = [
    await logRun(owner, createExperiment.id, "one", 0.02),
    await logRun(owner, createExperiment.id, "two", 0.09),
  ];
  const [first, second] = [
    await logJudgedRun(owner, createExperiment.id, "first", (image) => image % 4 === 0),
    await logJudgedRun(owner, createExperiment.id, "second", (image) => image % 5 === 0),
  ];
  keras = await logKerasRun(owner, createExperiment.id, "Keras");
  const all = [...runs, first, second, keras].join(",");
  judged = { run: `/runs/${first}?tab=evaluation`, comparison: `/compare?runs=${all}&baseline=${first}` };
  paths = [
    `/p/${project}/e/${createExperiment.id}`,
    judged.run,
    `${judged.comparison}&against=${second}`,
    `/runs/${keras}`,
    `/runs/${keras}?tab=metrics`,
    `/runs/${runs[0]}`,
    `/runs/${runs[0]}?tab=evaluation`,
    `/compare?runs=${runs.join(",")}`,
    "/experiments",
    "/runs",
    "/models",
    "/models/resnet101",
    "/models/vit_base_patch16_224",
    "/datasets",
    "/workers",
    `/workers/${await registerExaminedWorker(owner)}`,
    "/links",
    "/settings",
    "/settings?tab=people",
    "/settings?tab=signIn",
    "/settings?tab=audit",
    "/trash",
  ];
});
afterAll(async () => {
  await browser.close();
  await system.close();
});

/** A run with eight evaluations whose gap grows by `gapStep` an epoch. */
async function logRun(owner: GraphQLClient, experiment: string, name: string, gapStep: number): Promise<string> {
  const { createRun } = await owner<{ createRun: { id: string } }>(
    "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
    { input: { experiment, name, architecture: "resnet50", config: { epochs: 8 } } },
  );
  const details = { top5Correct: 990, balancedAccuracy: 0.8, macroF1: 0.79, expectedCalibrationError: 0.04 };
  for (let epoch = 1; epoch <= 8; epoch++) {
    const train = 0.6 + 0.04 * epoch;
    const right = Math.round((train - gapStep * epoch) * 1000);
    const scores = {
      "train/accuracy": train,
      "val/accuracy": train - gapStep * epoch,
      "train/loss": 1 - train,
      "val/loss": 1.1 - train + gapStep * epoch,
    };
    await owner("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }", {
      input: {
        run: createRun.id,
        writer: `${name}-writer`,
        seq: epoch,
        frame: {
          steps: [epoch * 10],
          values: Object.fromEntries(Object.entries(scores).map(([key, value]) => [key, [value]])),
        },
      },
    });
    await owner("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { epoch } }", {
      input: {
        run: createRun.id,
        epoch,
        step: epoch * 10,
        train: { ...details, examples: 1000, correct: Math.round(train * 1000), meanLoss: scores["train/loss"] },
        val: { ...details, examples: 1000, correct: right, meanLoss: scores["val/loss"] },
      },
    });
  }
  const test = { ...details, examples: 1000, correct: 800, meanLoss: 0.6 };
  await owner("mutation($input: LogTestScoreInput!) { logTestScore(input: $input) { id } }", {
    input: { run: createRun.id, step: 80, score: test },
  });
  await owner("mutation($input: FinishRunInput!) { finishRun(input: $input) { id } }", { input: { id: createRun.id } });
  return createRun.id;
}

/** A worker that has examined its machine: one check failed, one executor is missing, one step failed. */
async function registerExaminedWorker(owner: GraphQLClient): Promise<string> {
  const step = { architecture: "resnet18", imageSize: 64, batchSize: 32 };
  const executors = [
    { name: "wasm", available: true, chosen: true, detail: "2 threads", precisions: ["fp32"] },
    { name: "tensorflow", available: false, chosen: false, detail: "no library was found", precisions: [] },
  ];
  const doctor = {
    examinedAt: new Date().toISOString(),
    host: "bench",
    version: "1",
    healthy: false,
    checks: [
      { subject: "NODE", ok: true, finding: "Node 20." },
      { subject: "DISK", ok: false, finding: "1 GB is free.", advice: "Free some, or set RESIDUAL_DATA." },
    ],
    executors: [
      { ...executors[0], steps: [{ ...step, imagesPerSecond: 30 }] },
      { ...executors[1], steps: [{ ...step, imagesPerSecond: null, problem: "out of memory" }] },
    ],
  };
  const machine = { backend: "wasm", device: "cpu", gigaflops: 10, memoryBytes: 8e9, threads: 2, version: "1" };
  const { registerWorker } = await owner<{ registerWorker: { id: string } }>(
    "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) { id } }",
    { input: { name: "examined", host: "bench", ...machine, executors: [], doctor } },
  );
  return registerWorker.id;
}

/** Opens a signed-in window and visits every page; a page is ready when nothing in it is busy any more. */
async function visitAll(
  options: BrowserContextOptions,
  look: (page: Page, path: string) => Promise<void>,
): Promise<void> {
  const context = await openWindow(browser, options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${page.url()}: ${message.text()}`);
  });
  await page.goto(system.url);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
  for (const path of paths) {
    await page.goto(system.origin + path);
    await page.locator("h1").first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[aria-busy="true"]').length === 0);
    await look(page, path);
  }
  expect(problems).toEqual([]);
  await context.close();
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The launch dialog with everything it holds open. */
async function openLaunch(page: Page, train: string, advanced: string): Promise<void> {
  await page.goto(system.origin + paths[0]);
  await page.getByRole("button", { name: train, exact: true }).first().click();
  await page.getByRole("dialog").getByText(advanced, { exact: true }).click();
  await page.getByRole("dialog").getByRole("group").last().waitFor();
}

async function seriousFindings(page: Page, path: string): Promise<string[]> {
  await page.evaluate(axe);
  const violations = (await page.evaluate("axe.run().then((result) => result.violations)")) as Finding[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${path}: ${id}: ${nodes[0]?.html.slice(0, 160)}`);
}

describe.each(["light", "dark"] as const)("every page, %s", (colorScheme) => {
  it("has no serious accessibility finding and no error on the console", async () => {
    const findings: string[] = [];
    await visitAll({ colorScheme }, async (page, path) => {
      findings.push(...(await seriousFindings(page, path)));
    });
    expect(findings).toEqual([]);
  });

  it("the launch dialog too, with all its settings", async () => {
    const context = await openWindow(browser, { colorScheme });
    const page = await context.newPage();
    await page.goto(system.url);
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
    await openLaunch(page, "Train", "Advanced");
    expect(await seriousFindings(page, "launch")).toEqual([]);
    await context.close();
  });
});

describe("every page at 400 px, in German", () => {
  it("fits the width and leaves no English key or sentence of the frame", async () => {
    await visitAll({ locale: "de-DE", viewport: { width: 400, height: 860 } }, async (page, path) => {
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
      expect(await page.evaluate(() => document.documentElement.lang), path).toBe("de");
    });
  });
});

async function signedIn(path: string): Promise<Page> {
  const page = await (await openWindow(browser)).newPage();
  await page.goto(system.url);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"), { waitUntil: "commit" });
  await page.goto(system.origin + path);
  return page;
}

describe("the gallery of 10,000 judged images, by keyboard alone", () => {
  it("walks from tile to tile, opens an image, goes on from it, and reaches the last page", async () => {
    const page = await signedIn(judged.run);
    const tiles = page.getByRole("list", { name: "Most confident mistakes" }).getByRole("button");
    // 2,500 are wrong; nobody here knows their files, which is said instead of pictures that do not come.
    await page.getByText("1–24 of 2,500").waitFor();
    await page.getByText(/trained elsewhere: which images it was scored on is not known/).waitFor();
    expect(await tiles.count()).toBe(24);
    expect(await tiles.first().textContent()).toMatch(/^Image [\d,]+: class unknown, taken for \d \(99 %\)\. /);

    await tiles.first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    expect(await tiles.last().evaluate((tile) => tile === document.activeElement)).toBe(true);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const title = page.getByRole("dialog").getByRole("heading");
    const opened = await title.textContent();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => title.textContent()).not.toBe(opened);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Last", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("2,497–2,500 of 2,500").waitFor();
    expect(page.url()).toContain("images=105");
    await expect.poll(() => tiles.count()).toBe(4);
    await page.context().close();
  });

  it("tells two runs apart image by image, and says so where there is no such image", async () => {
    const page = await signedIn(judged.comparison);
    await page.getByLabel(/^Compare image by image/).selectOption({ label: "second" });
    // Wrong are every fourth and every fifth image: 500 in both, 2,000 and 1,500 in one of them.
    await page.getByRole("radio", { name: /Only second is right 2,000/ }).waitFor();
    await page.getByText("1–24 of 2,000").waitFor();
    await page.getByRole("radio", { name: /Only second is right/ }).focus();
    await page.keyboard.press("ArrowDown");
    await page.getByText("1–24 of 1,500").waitFor();
    await page.getByLabel(/^Compare image by image/).selectOption({ label: "one" });
    await page.getByText(/cannot be compared image by image/).waitFor();
    await page.context().close();
  });
});

it("brushes the parallel coordinates by keyboard, and the address keeps the brush", async () => {
  const page = await signedIn(judged.comparison);
  await page.getByText("5 of 5 runs within the handles").waitFor();
  await page.getByRole("slider", { name: "Val accuracy: lowest value that is kept" }).focus();
  await page.keyboard.press("End");
  await page.getByText("1 of 5 runs within the handles").waitFor();
  await page.reload();
  await page.getByText("1 of 5 runs within the handles").waitFor();
  await page.context().close();
});

it("a run of Keras says what its series tell: numbers, gap, advice, and that its accuracies were percent", async () => {
  const page = await signedIn(`/runs/${keras}`);
  await page.getByText("A gap of 26 points, but val loss has not turned", { exact: false }).waitFor();
  const numbers = page.getByRole("region", { name: "At the best epoch" });
  await numbers.getByText("71.0 %").waitFor();
  await page.getByText("logged in percent", { exact: false }).first().waitFor();
  await page.getByRole("region", { name: "What to try next" }).getByText("26 points").waitFor();
  await page.context().close();
});
