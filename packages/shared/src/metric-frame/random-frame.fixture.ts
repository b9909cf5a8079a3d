import type { MetricColumn, MetricFrame } from "./metric-frame.js";

/** mulberry32: numbers in [0, 1), the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A frame with regular or scattered steps, whole or fractional times, full and selected columns, f32, f64 and special values. */
export function randomFrame(random: () => number): MetricFrame {
  const rowCount = Math.floor(random() * 40);
  const stride = Math.floor(random() * 4) * 10;
  const regular = random() < 0.5;
  const whole = random() < 0.7;
  const steps = Float64Array.from({ length: rowCount }, (_, i) =>
    regular ? 5 + i * stride : Math.floor(random() * 2 ** 53),
  );
  const times = Float64Array.from({ length: rowCount }, () =>
    whole ? 1.7e12 + Math.floor(random() * 1e6) : random() * 1e12,
  );
  const columns = Array.from({ length: Math.floor(random() * 6) }, (_, i) =>
    randomColumn(random, `split ü/${i}`, rowCount),
  );
  return { steps, times, columns };
}

function randomColumn(random: () => number, key: string, rowCount: number): MetricColumn {
  const chosen = [...Array(rowCount).keys()].filter(() => random() < 0.6);
  const rows = random() < 0.5 ? null : Uint32Array.from(chosen);
  const narrow = random() < 0.5;
  const special = [Number.NaN, Infinity, -Infinity, -0, 0];
  const values = Float64Array.from({ length: rows?.length ?? rowCount }, () => {
    if (random() < 0.1) return special[Math.floor(random() * special.length)]!;
    return narrow ? Math.fround(random()) : random() * 10 ** Math.floor(random() * 600 - 300);
  });
  return { key, rows, values };
}
