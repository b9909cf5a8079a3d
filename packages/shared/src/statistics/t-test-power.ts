import { logGamma } from "./log-gamma.js";
import { normalQuantile, normalUpperTail, twoSidedZ } from "./normal-distribution.js";
import { studentTwoSidedQuantile } from "./student-t.js";

export type TTestDesign = {
  /** True difference of the means in standard deviations: of the differences where paired, of one side where not. */
  effect: number;
  paired: boolean;
  alpha?: number;
};

/** With few degrees of freedom the integrand is steep: fewer steps would miss the sixth digit. */
const stepsFor = (freedom: number) => (freedom < 4 ? 4_000 : 400);

/**
 * Power of the two-sided t-test with n runs a side (n pairs where paired): P(|T| > t) of the noncentral t distribution, as the integral over
 * s = √(χ²/ν) of Φ(δ − t·s) + Φ(−δ − t·s) (Johnson, Kotz & Balakrishnan 1995, §31.2), by Simpson's rule. Welch's test has about this power
 * where both sides have the same n and variance. NaN for n below 2.
 */
export function tTestPower(n: number, { effect, paired, alpha = 0.05 }: TTestDesign): number {
  const freedom = paired ? n - 1 : 2 * n - 2;
  const shift = Math.abs(effect) * Math.sqrt(paired ? n : n / 2);
  const critical = studentTwoSidedQuantile(1 - alpha, freedom);
  // s is about 1 ± 1/√(2ν); twelve of these hold all that can be seen of it.
  const spread = 12 / Math.sqrt(2 * freedom);
  const low = Math.max(1e-9, 1 - spread);
  const steps = stepsFor(freedom);
  const width = (1 + spread - low) / steps;
  const half = freedom / 2;
  // Density of √(χ²_ν / ν), of which only the last factors depend on s.
  const constant = Math.log(2) + half * Math.log(half) - logGamma(half);
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const s = low + i * width;
    const tail = normalUpperTail(critical * s - shift) + normalUpperTail(critical * s + shift);
    sum +=
      (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) *
      tail *
      Math.exp(constant + (freedom - 1) * Math.log(s) - half * s * s);
  }
  return Math.min(1, (sum * width) / 3);
}

/**
 * Runs a side (pairs where paired) with which the test finds the effect with this power; null above `most`. Starts from the normal
 * approximation with Guenther's correction (1981), which is off by one or two runs at most.
 */
export function runsForPower(design: TTestDesign, power = 0.8, most = 1_000): number | null {
  const { effect, paired, alpha = 0.05 } = design;
  if (!(Math.abs(effect) > 0)) return null;
  const z = twoSidedZ(1 - alpha);
  const plain = ((z + normalQuantile(power)) / effect) ** 2;
  let runs = Math.max(2, Math.ceil(paired ? plain + z ** 2 / 2 : 2 * plain + z ** 2 / 4));
  if (runs > most) return null;
  while (runs > 2 && tTestPower(runs - 1, design) >= power) runs--;
  while (runs <= most && tTestPower(runs, design) < power) runs++;
  return runs > most ? null : runs;
}
