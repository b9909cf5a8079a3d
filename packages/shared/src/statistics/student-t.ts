import { regularizedBeta, regularizedBetaQuantile } from "./incomplete-beta.js";

/** P(|T| ≥ |t|) for Student's t with the given degrees of freedom (fractions allowed). */
export function studentTwoSidedP(t: number, degreesOfFreedom: number): number {
  return regularizedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** t with P(|T| ≤ t) = confidence. */
export function studentTwoSidedQuantile(confidence: number, degreesOfFreedom: number): number {
  const share = regularizedBetaQuantile(confidence, 0.5, degreesOfFreedom / 2);
  return Math.sqrt((degreesOfFreedom * share) / (1 - share));
}
