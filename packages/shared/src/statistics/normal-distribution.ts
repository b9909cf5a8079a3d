/** P(Z > z) for a standard normal Z, with full relative precision in the far tail. */
export function normalUpperTail(z: number): number {
  if (z < 0) return 1 - normalUpperTail(-z);
  if (z === Number.POSITIVE_INFINITY) return 0;
  const density = normalDensity(z);
  if (z > 5) {
    // Laplace's continued fraction of Mills' ratio, from its tail.
    let ratio = z;
    for (let k = 60; k >= 1; k--) ratio = z + k / ratio;
    return density / ratio;
  }
  // ½ − φ(z)·(z + z³/3 + z⁵/(3·5) + …): all terms positive.
  let term = z;
  let sum = z;
  for (let k = 3; term > sum * 1e-17; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** z with P(Z ≤ z) = probability. Starts from Abramowitz & Stegun 26.2.23 (error below 5e-4) and refines by Halley's method. */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability is from 0 to 1; ${probability} is not.`);
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(probability));
  let z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  for (let i = 0; i < 4; i++) {
    const step = (normalUpperTail(z) - probability) / normalDensity(z);
    z += step / (1 + (z * step) / 2);
  }
  return -z;
}

/** A few confidences are asked for thousands of times: once or more for each interval of a list. */
let last = { confidence: Number.NaN, z: Number.NaN };

/** z of a two-sided interval: 1.959963984540054 at 95 %. */
export function twoSidedZ(confidence: number): number {
  if (confidence !== last.confidence) last = { confidence, z: -normalQuantile((1 - confidence) / 2) };
  return last.z;
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
