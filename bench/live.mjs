// Claim: from the call that logs a point to its pixel on the screen it takes at most 250 ms (median, loopback).
// Baseline in the same run: the logging request alone, answered after its commit.
import { openSignedIn } from "./browser.mjs";
import { quantiles } from "./subscribers/measure.mjs";
import { createRun, logFrame, openExperiment, startSystem, summary } from "./system.mjs";

const repeats = 100;
const system = await startSystem();
let window;
try {
  const { experiment } = await openExperiment(system);
  const run = await createRun(system, experiment, "live");
  let seq = 0;
  const log = () => {
    seq++;
    return logFrame(system, run, "bench", seq, { steps: [seq], values: { "train/loss": [2 + Math.sin(seq)] } });
  };
  for (let warm = 0; warm < 5; warm++) await log();

  window = await openSignedIn(system);
  const { page } = window;
  await page.goto(`${system.origin}/runs/${run}?tab=metrics`);
  await page.locator("canvas").first().waitFor();
  await page.waitForTimeout(2_000);
  const requests = [];
  const pixels = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    // Looks at the chart itself: its pixels differ from what they were when the point was logged.
    const changed = page.evaluate(
      () =>
        new Promise((resolve) => {
          const canvas = document.querySelector("canvas");
          const before = canvas.toDataURL();
          const look = () => (canvas.toDataURL() === before ? requestAnimationFrame(look) : resolve(Date.now()));
          requestAnimationFrame(look);
        }),
    );
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const logged = Date.now();
    const started = performance.now();
    await log();
    requests.push(performance.now() - started);
    pixels.push((await changed) - logged);
  }
  console.log(`log request (baseline): ${summary(requests)}`);
  console.log(`log to pixel: ${summary(pixels)}, p99 ${quantiles(pixels).p99} ms`);
} finally {
  await window?.browser.close();
  await system.close();
}
