// Claim: a step of training, and inference, take no longer here than in eager PyTorch, need no more memory and give the same losses.
// Each side is a process of its own with the same weights and batches from files; they take turns (A B B A) on the same processors.
// Usage: node bench/parity.mjs [--rounds n] [--precision fp32|bf16] [--alone] [part of a case's name ...]; build packages/model first.
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { cases } from "./parity/cases.mjs";
import { largestDifference, median, takeTurns } from "./parity/compare.mjs";
import { findTorch } from "./parity/find-torch.mjs";
import { residualSide, torchSide } from "./parity/side.mjs";
import { writeCase } from "./parity/write-case.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "2" },
    precision: { type: "string", default: "fp32" },
    alone: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
const threads = availableParallelism();
const torch = options.alone ? { missing: "PyTorch was not asked for (--alone)" } : findTorch();
const scratch = await mkdtemp(path.join(tmpdir(), "residual-parity-"));

console.log(`${cpus()[0].model}, ${threads} threads, load average ${loadavg()[0].toFixed(1)}`);
if (torch.missing) console.log(torch.missing);
try {
  for (const entry of cases) {
    if (positionals.length > 0 && !positionals.some((part) => entry.name.includes(part))) continue;
    const folder = await writeCase(entry, scratch);
    const ours = residualSide(folder, options.precision);
    const theirs = torch.missing ? undefined : torchSide(torch.python, folder, threads);
    console.log(`\n${entry.name}, batch of ${entry.batchSize}: ${(await ours.ask("about")).text}`);
    if (theirs === undefined) await reportAlone(entry, ours);
    else if (entry.mode === "curve")
      await reportCurve(entry, ours, theirs, torchSide(torch.python, folder, threads, "contiguous_format"));
    else await reportSpeed(entry, ours, theirs);
    await Promise.all([ours.end(), theirs?.end()]);
    await rm(folder, { recursive: true });
  }
} finally {
  await rm(scratch, { recursive: true });
}

async function reportSpeed(entry, ours, theirs) {
  console.log(`  against ${(await theirs.ask("about")).text}`);
  const before = (await theirs.ask("sgemm")).gigaflops;
  const milliseconds = await takeTurns(ours, theirs, entry, rounds);
  const after = (await theirs.ask("sgemm")).gigaflops;
  const [here, there] = [ours, theirs].map((side) => median(milliseconds.get(side)));
  const [memory, otherMemory] = await Promise.all(
    [ours, theirs].map(async (side) => (await side.ask("peak")).megabytes),
  );
  const ratio = there / here;
  // On a machine with other load the fastest steps tell more: a step that waits for a processor tells nothing of either side.
  const fastest = Math.min(...milliseconds.get(theirs)) / Math.min(...milliseconds.get(ours));
  const verdict = ratio >= entry.floor ? "reached" : "MISSED";
  console.log(
    `  ${rate(entry, here)} images/s, PyTorch ${rate(entry, there)}: ratio ${ratio.toFixed(2)}, of the fastest steps ${fastest.toFixed(2)} (at least ${entry.floor}: ${verdict})\n` +
      `  ${spread("ours", milliseconds.get(ours))}; ${spread("PyTorch's", milliseconds.get(theirs))}; sgemm ${before.toFixed(0)} then ${after.toFixed(0)} GFLOP/s\n` +
      `  peak memory ${memory.toFixed(0)} MB, PyTorch ${otherMemory.toFixed(0)} MB: ratio ${(memory / otherMemory).toFixed(2)}`,
  );
  await reportHostTime(entry, ours, here);
}

async function reportHostTime(entry, ours, stepTime) {
  await ours.ask("run", { mode: "feed", steps: 3 });
  const feeding = median((await ours.ask("run", { mode: "feed", steps: 20 })).milliseconds);
  console.log(
    `  outside of the computation at most ${feeding.toFixed(2)} ms a step of ${entry.batchSize} images: ${((100 * feeding) / stepTime).toFixed(2)} %`,
  );
}

/** `other` is PyTorch with its images in another order in memory: what float32 sums in another order differ by, whoever adds. */
async function reportCurve({ mode, steps }, ours, theirs, other) {
  const { values: here } = await ours.ask("run", { mode, steps });
  const { values: there } = await theirs.ask("run", { mode, steps });
  const floor = largestDifference((await other.ask("run", { mode, steps })).values, there);
  await other.end();
  const { worst, step } = largestDifference(here, there);
  const at = (index) => `${here[index].toFixed(5)} | ${there[index].toFixed(5)}`;
  console.log(
    `  loss (ours | PyTorch's) ${at(0)} at first, ${at(steps - 1)} after ${steps} steps; ` +
      `largest relative difference ${worst.toExponential(1)} at step ${step} (at most 1e-3: ${worst <= 1e-3 ? "reached" : "MISSED"}; ` +
      `PyTorch in NCHW order against itself ${floor.worst.toExponential(1)} at step ${floor.step})`,
  );
}

async function reportAlone(entry, ours) {
  const mode = entry.mode;
  await ours.ask("run", { mode, steps: 2 });
  const time = median((await ours.ask("run", { mode, steps: entry.steps * rounds })).milliseconds);
  console.log(
    `  ${time.toFixed(0)} ms a step, ${rate(entry, time)} images/s; peak memory ${(await ours.ask("peak")).megabytes.toFixed(0)} MB`,
  );
  await reportHostTime(entry, ours, time);
}

function rate({ batchSize }, milliseconds) {
  return ((1000 * batchSize) / milliseconds).toFixed(2);
}

function spread(whose, milliseconds) {
  return `${whose} steps ${Math.min(...milliseconds).toFixed(0)} to ${Math.max(...milliseconds).toFixed(0)} ms`;
}
