const { cos, exp, fround, PI, round, sqrt, log } = Math;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random) => sqrt(-2 * log(random() + 1e-12)) * cos(2 * PI * random());
const loss = (random) => (step) => 2.3 * exp(-step / 2e5) + 0.05 + 0.08 * Math.abs(normal(random));

/** What metrics look like, each a function of a step: the series of the storage table. */
export const kinds = {
  "noisy float32": (random) => (step) => fround(loss(random)(step)),
  "uniform float32": (random) => (step) => fround(2.3 * exp(-step / 2e4) + 0.05 * random()),
  "smoothed float32": (random) => {
    let mean = 2.3;
    return (step) => {
      mean = 0.98 * mean + 0.02 * loss(random)(step);
      return fround(mean);
    };
  },
  "noisy float64": loss,
  "four decimals": (random) => (step) => round(loss(random)(step) * 1e4) / 1e4,
  "accuracy of 32": (random) => (step) => round(32 * (1 - exp(-step / 2e5)) * (0.9 + 0.1 * random())) / 32,
  "whole numbers": (random) => () => round(90 + 5 * normal(random)),
  "cosine rate": () => (step) => 1e-3 * 0.5 * (1 + cos((PI * step) / 1e6)),
  constant: () => () => 0.1,
  "gradient norm": (random) => () => fround(exp(0.5 * normal(random))),
};
