// Claim: the page of an experiment with 1,000 runs stands within a second.
// Baseline in the same run: the same page with 10 runs.
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
    const times = [];
    for (let repeat = 0; repeat <= repeats; repeat++) {
      const started = performance.now();
      await page.goto(system.origin + path, { waitUntil: "commit" });
      await page
        .getByText(`${size.toLocaleString("en-US")} runs`)
        .first()
        .waitFor();
      await page
        .getByText(/^run \d+$/)
        .first()
        .waitFor();
      if (repeat > 0) times.push(performance.now() - started);
    }
    console.log(`experiment page with ${size} runs: ${summary(times)}`);
  }
} finally {
  await window?.browser.close();
  await system.close();
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
