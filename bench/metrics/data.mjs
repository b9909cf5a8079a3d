import { writeFileSync } from "node:fs";
import path from "node:path";

/** What is logged, in two sizes. Names as in the reference: one long series, runs with ten metrics, many short runs, a live run. */
export const sizes = {
  small: { longPoints: 100_000, mixedRuns: 10, mixedSteps: 1_000, manyRuns: 100, manySteps: 100, live: 20, calls: 500 },
  full: {
    longPoints: 1_000_000,
    mixedRuns: 20,
    mixedSteps: 1_000,
    manyRuns: 1_000,
    manySteps: 100,
    live: 40,
    calls: 2_000,
  },
};

const spikes = 30;
export const spikeValue = 1_000;

/** Ten metrics of different kinds: what a training run logs. */
export const mixedKeys =
  "train/loss train/loss_smooth train/accuracy train/learning_rate train/gradient_norm system/gpu_utilization system/gpu_memory train/epoch val/loss_rounded train/images_per_second".split(
    " ",
  );

/** Numbers in [0, 1) from a seed. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Writes the files that every side reads: float64, a row a step and a column a metric. Returns their paths. */
export function writeData(folder, size) {
  const random = randomFrom(20_261_124);
  const noise = () => random() + random() + random() - 1.5;
  const long = Float64Array.from({ length: size.longPoints }, (_, step) =>
    Math.fround(2.3 * Math.exp(-step / (size.longPoints / 5)) + 0.2 + 0.05 * noise()),
  );
  for (let spike = 0; spike < spikes; spike++) {
    const start = Math.floor((spike * size.longPoints) / spikes);
    long[start + 1 + Math.floor(random() * (size.longPoints / spikes - 2))] = spikeValue + spike;
  }
  const file = (name, columns) => {
    const target = path.join(folder, `${name}.f64`);
    writeFileSync(target, columns);
    return target;
  };
  return {
    long: file("long", long),
    mixed: Array.from({ length: size.mixedRuns }, (_, run) =>
      file(`mixed-${run}`, mixedRun(size.mixedSteps, random, noise)),
    ),
    many: Array.from({ length: size.manyRuns }, (_, run) =>
      file(
        `many-${run}`,
        Float64Array.from({ length: size.manySteps }, (_, step) =>
          Math.fround(2.3 * Math.exp(-step / 30) + 0.3 + 0.05 * noise()),
        ),
      ),
    ),
  };
}

function mixedRun(steps, random, noise) {
  const rows = new Float64Array(steps * mixedKeys.length);
  let smooth = 2.5;
  for (let step = 0; step < steps; step++) {
    const loss = Math.fround(2.3 * Math.exp(-step / 300) + 0.2 + 0.1 * noise());
    smooth = Math.fround(0.98 * smooth + 0.02 * loss);
    const row = [
      loss,
      smooth,
      Math.round(32 * (1 - loss / 3)) / 32,
      Math.fround(1e-3 * Math.cos((step / steps) * 1.57)),
      Math.fround(Math.exp(noise())),
      Math.floor(90 + 10 * random()),
      11.5,
      Math.floor(step / 100),
      Math.round(1e4 * loss) / 1e4,
      Math.fround(200 + 10 * noise()),
    ];
    rows.set(row, step * mixedKeys.length);
  }
  return rows;
}
