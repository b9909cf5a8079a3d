// Claim: the comparison says "better" of equal models in at most 5 of 100 cases, finds real differences as often as theory says, its
// intervals hold the truth in 94 to 96 of 100 cases, and it is fast enough to be asked at every glance. Models are simulated: each val image
// has a difficulty that all models share, so that they are right and wrong on the same images more often than chance would have it.
// Usage: node bench/verdict.mjs [simulations]; build packages/shared first.
import { loadavg } from "node:os";
import {
  advise,
  bonettPriceInterval,
  comparePaired,
  compareRuns,
  completeTrainingConfig,
  examplesForPairedDifference,
  newcombeInterval,
  pairedTTest,
  Random,
  runsForPower,
  tTestPower,
  welchTTest,
  wilsonInterval,
} from "@residual/shared";

const simulations = Number(process.argv[2] ?? 10_000);
const random = new Random(7);
const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** A model that is right on an image with a chance around its accuracy: images are easy (always right) or hard in equal parts for all. */
function answers(images, accuracy, hard = 0.4) {
  const onHard = 1 - (1 - accuracy) / hard;
  return Uint8Array.from({ length: images }, (_, i) => (i >= images * hard || random.next() < onHard ? 1 : 0));
}

function standing(id, correct, { seed = 0, group = null } = {}) {
  const right = correct.reduce((sum, one) => sum + one, 0);
  const evaluation = {
    epoch: 5,
    step: 50,
    train: { examples: 1_000, correct: 950, meanLoss: 0.2 },
    val: { examples: correct.length, correct: right, meanLoss: 0.5 },
    valImagesHash: "val",
  };
  const cost = {
    parameters: 1e6,
    macs: 1e9,
    trainSeconds: 100,
    imagesPerSecond: 10,
    secondsPerEpoch: 10,
    memoryBytes: null,
  };
  const run = { id, name: id, status: "FINISHED", origin: "TRAINED_HERE", architecture: null, config: {}, seed, group };
  return {
    run: { ...run, datasetHash: "d", pretraining: "random", trainImages: 1_000, cost },
    evaluation,
    valCorrect: correct,
  };
}

const options = { groupBy: "RUN", selection: "BEST", metric: "val/accuracy", baseline: null, gaps: new Map() };
const says = (stands, more = {}) => compareRuns(stands, { ...options, ...more }).sentence.key;
const isBetter = (key) => key.startsWith("compare.better") || key.startsWith("compare.best");

function share(count, of) {
  let hits = 0;
  for (let i = 0; i < count; i++) hits += of() ? 1 : 0;
  return hits / count;
}

/** Two standard errors of a share that was counted so often: what chance alone may add. */
const chance = (wanted, count = simulations) => 2 * Math.sqrt((wanted * (1 - wanted)) / count);

const rows = [];
const report = (what, measured, wanted, isMet) => rows.push({ what, measured, wanted, met: isMet ? "yes" : "NO" });
const percent = (value) => `${(100 * value).toFixed(2)} %`;

// Type-I error: equal models, whole pipeline from answers to the sentence.
for (const [models, images] of [
  [2, 300],
  [2, 2_000],
  [5, 1_000],
]) {
  const error = share(simulations, () =>
    isBetter(says(Array.from({ length: models }, (_, i) => standing(`m${i}`, answers(images, 0.85))))),
  );
  report(
    `"better" of ${models} equal models, ${images} val images`,
    percent(error),
    "≤ 5 %, but for chance",
    error <= 0.05 + chance(0.05),
  );
}
for (const [seeds, shareSeeds] of [
  [3, false],
  [5, false],
  [5, true],
]) {
  const error = share(simulations, () => {
    const stands = ["a", "b"].flatMap((group) =>
      Array.from({ length: seeds }, (_, seed) => {
        const accuracy = 0.85 + 0.01 * normal();
        return standing(`${group}${seed}`, answers(500, accuracy), {
          seed: shareSeeds ? seed : seed + (group === "b" ? 100 : 0),
          group,
        });
      }),
    );
    return isBetter(says(stands, { groupBy: "SEED" }));
  });
  const what = `"better" of two equal recipes, ${seeds} seeds each${shareSeeds ? ", shared" : ""}`;
  report(what, percent(error), "≤ 5 %, but for chance", error <= 0.05 + chance(0.05));
}

// Power: the sample sizes that the product names must have the power that it claims.
{
  const delta = 0.025;
  const discordance = 0.1;
  const images = Math.ceil(examplesForPairedDifference(delta, discordance));
  const power = share(Math.min(simulations, 4_000), () => {
    const pairs = Array.from({ length: images }, () => {
      const x = random.next();
      return x < (discordance + delta) / 2 ? [1, 0] : x < discordance ? [0, 1] : [1, 1];
    });
    const test = comparePaired(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    return test.pValue < 0.05;
  });
  report(
    `power of McNemar at the ${images} images named for 80 %`,
    percent(power),
    "77–83 %",
    Math.abs(power - 0.8) <= 0.03,
  );
}
for (const paired of [false, true]) {
  const effect = 1.2;
  const runs = runsForPower({ effect, paired });
  const draw = (mean) => Array.from({ length: runs }, () => mean + normal());
  const power = share(simulations, () => {
    const test = paired
      ? pairedTTest(
          draw(effect),
          draw(0).map(() => 0),
        )
      : welchTTest(draw(effect), draw(0));
    return test.p < 0.05;
  });
  // A whole number of runs has a little more than 80 %.
  const theory = tTestPower(runs, { effect, paired });
  const what = `power of the ${paired ? "paired t" : "Welch"} test at the ${runs} runs named for 80 %`;
  report(what, percent(power), `${percent(theory)} ± 3 points`, Math.abs(power - theory) <= 0.03);
}

// Coverage of the intervals at n ≥ 100.
for (const [n, p] of [
  [100, 0.85],
  [300, 0.5],
  [1_000, 0.95],
]) {
  const binomial = (chance = p) => {
    let hits = 0;
    for (let i = 0; i < n; i++) hits += random.next() < chance ? 1 : 0;
    return hits;
  };
  const holds = ({ low, high }, truth) => low <= truth && truth <= high;
  const wilson = share(simulations, () => holds(wilsonInterval(binomial(), n), p));
  report(
    `Wilson holds ${p} at n = ${n}`,
    percent(wilson),
    "94–96 %, but for chance",
    Math.abs(wilson - 0.95) <= 0.01 + chance(0.95),
  );
  const newcombe = share(simulations, () => holds(newcombeInterval(binomial(), n, binomial(p - 0.1), n), 0.1));
  report(
    `Newcombe holds a difference of 0.1 at n = ${n}`,
    percent(newcombe),
    "94–96 %, but for chance",
    Math.abs(newcombe - 0.95) <= 0.01,
  );
  const paired = share(simulations, () => {
    let [b, c] = [0, 0];
    for (let i = 0; i < n; i++) {
      const x = random.next();
      if (x < 0.1) b++;
      else if (x < 0.15) c++;
    }
    return holds(bonettPriceInterval(b, c, n), 0.05);
  });
  report(
    `Bonett–Price holds a difference of 0.05 at n = ${n}`,
    percent(paired),
    "94–96 %, but for chance",
    Math.abs(paired - 0.95) <= 0.01,
  );
}

// At one accuracy the coverage of any interval for counts jumps about its level with the images; over the accuracies that models have it does not.
{
  const n = 100;
  const drawn = () => 0.6 + 0.39 * random.next();
  const hits = (chance) => {
    let count = 0;
    for (let i = 0; i < n; i++) count += random.next() < chance ? 1 : 0;
    return count;
  };
  const within = (interval, truth) => interval.low <= truth && truth <= interval.high;
  const wilson = share(simulations, () => {
    const p = drawn();
    return within(wilsonInterval(hits(p), n), p);
  });
  const newcombe = share(simulations, () => {
    const [p, q] = [drawn(), drawn()];
    return within(newcombeInterval(hits(p), n, hits(q), n), p - q);
  });
  const paired = share(simulations, () => {
    const [onlyA, onlyB] = [0.2 * random.next(), 0.2 * random.next()];
    let [b, c] = [0, 0];
    for (let i = 0; i < n; i++) {
      const x = random.next();
      if (x < onlyA) b++;
      else if (x < onlyA + onlyB) c++;
    }
    return within(bonettPriceInterval(b, c, n), onlyA - onlyB);
  });
  for (const [name, measured] of [
    ["Wilson", wilson],
    ["Newcombe", newcombe],
    ["Bonett–Price", paired],
  ])
    report(
      `${name} at n = 100, over drawn accuracies`,
      percent(measured),
      "94–96 %",
      Math.abs(measured - 0.95) <= 0.01,
    );
}

// Speed.
function time(what, limit, work) {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  report(what, `${times[3].toFixed(1)} ms`, `≤ ${limit} ms`, times[3] <= limit);
}
const twenty = Array.from({ length: 20 }, (_, i) => standing(`m${i}`, answers(10_000, 0.8 + i / 200)));
time("comparison of 20 runs on 10,000 val images", 100, () => compareRuns(twenty, options));
const thousand = Array.from({ length: 1_000 }, (_, i) => standing(`m${i}`, answers(1_000, 0.8 + (i % 100) / 1_000)));
time("comparison of 1,000 runs on 1,000 val images", 1_000, () => compareRuns(thousand, options));
const config = completeTrainingConfig({
  architecture: "resnet50",
  batchSize: 16,
  epochs: 50,
  learningRate: 1e-4,
  beyondGuide: true,
});
const evaluations = Array.from({ length: 50 }, (_, i) => ({
  ...twenty[0].evaluation,
  epoch: i + 1,
  trainRunningAccuracy: 0.9,
  valCalibrationError: 0.05,
}));
const evidence = {
  config,
  status: "FINISHED",
  failure: null,
  evaluations,
  gap: { verdict: "OVERFITTING", accuracy: { estimate: 0.2, low: 0.15, high: 0.25 }, onsetEpoch: 9, wastedEpochs: 41 },
  labels: { conflicts: 0, sureMistakes: 12, scored: 20_000 },
  classes: Array.from({ length: 1_000 }, (_, i) => ({ name: `c${i}`, train: 100, val: 20, recall: 0.8 })),
  trainImages: 100_000,
  loaderWaitShare: 0.4,
  gradientNorm: { median: 1, largest: 3 },
  outOfMemoryRecoveries: 0,
  divergences: 0,
  memory: { neededBytes: 1e9, availableBytes: 8e9 },
  precisions: ["FP32"],
  trainSeconds: 1_000,
  smallerNetwork: null,
};
time("advice for a run of 50 evaluations and 1,000 classes", 20, () => advise(evidence));

console.log(`${simulations} simulations; load average ${loadavg()[0].toFixed(1)}`);
console.table(rows);
process.exitCode = rows.some(({ met }) => met === "NO") ? 1 : 0;
