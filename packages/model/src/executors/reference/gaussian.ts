/** Density of the standard normal distribution. */
export function gaussianPdf(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/**
 * Distribution function of the standard normal to about 1e-15: near zero the series of Abramowitz & Stegun 26.2.11, in the tails
 * the continued fraction 26.2.14.
 */
export function gaussianCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 3) {
    const tail = upperTail(Math.abs(x));
    return x > 0 ? 1 - tail : tail;
  }
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + gaussianPdf(x) * sum;
}

function upperTail(x: number): number {
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / fraction;
  return gaussianPdf(x) / fraction;
}
