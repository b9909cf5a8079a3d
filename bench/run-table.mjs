// Claim: the page of an experiment with 1,000 runs stands within a second, from the navigation on: its first rows, and all of its rows
// (counted, sorted, ready to scroll). Baseline in the same run: the same page with 10 runs.
import { openSignedIn } from "./browser.mjs";
import { createRun, openExperiment, startSystem, summary } from "./system.mjs";

const repeats = 7;
const system = await startSystem();
let window;
try {
  const sizes = [10, 1_000];
  const pages = [];
  for (const size of sizes) {
    const { project, experiment } = await openExperiment(system);
    for (let index = 0; index < size; index++) await logFinishedRun(experiment, index);
    pages.push({ size, path: `/p/${project}/e/${experiment}` });
  }
  window = await openSignedIn(system);
  const { page } = window;
  await page.goto(`${system.origin}/models`);
  for (const { size, path } of pages) {
    const firstRows = [];
    const allRows = [];
    for (let repeat = 0; repeat <= repeats; repeat++) {
      const started = performance.now();
      await page.goto(system.origin + path, { waitUntil: "commit" });
      await page.waitForFunction(hasRow);
      const rowsAfter = performance.now() - started;
      await page.waitForFunction(hasCount, `${size.toLocaleString("en-US")} runs`);
      if (repeat === 0) continue;
      firstRows.push(rowsAfter);
      allRows.push(performance.now() - started);
    }
    console.log(`experiment page with ${size} runs, first rows: ${summary(firstRows)}`);
    console.log(`experiment page with ${size} runs, all rows: ${summary(allRows)}`);
  }
} finally {
  await window?.browser.close();
  await system.close();
}

// Looked at in every frame of the page: a locator's waitFor() looks again after half a second.
function hasRow() {
  return [...document.querySelectorAll("tbody a")].some((link) => /^run \d+$/.test(link.textContent));
}

/** Whole: "100 of 1,000 runs are here" stands while pages still come. */
function hasCount(text) {
  return [...document.querySelectorAll("[aria-live]")].some((element) => element.textContent === text);
}

async function logFinishedRun(experiment, index) {
  const run = await createRun(system, experiment, `run ${index}`, index % 2 === 0 ? "resnet18" : "resnet50");
  await system.ask("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { epoch } }", {
    input: {
      run,
      epoch: 1,
      step: 100,
      train: { examples: 1000, correct: 900, meanLoss: 0.3 },
      val: { examples: 400, correct: 300 + (index % 60), meanLoss: 0.6 },
    },
  });
  await system.ask("mutation($input: FinishRunInput!) { finishRun(input: $input) { id } }", { input: { id: run } });
}
