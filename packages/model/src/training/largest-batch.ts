import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import { measureSteps, type PreflightSubject, probeStep } from "./preflight.js";

export interface BatchLimits {
  /** Of the session at its peak, in bytes. */
  readonly memoryLimit: number;
  /** No more images than these are tried. */
  readonly most: number;
}

/**
 * The most images that can be trained on at a time: what two small steps lead to expect is tried in a real one, and where that does not
 * fit, the limit is found by halving. Linux promises more memory than there is and ends a process that takes it, so what is expected to
 * go beyond `memoryLimit` is never tried. Throws an OutOfMemoryError where not even one image fits.
 */
export async function largestBatch(subject: PreflightSubject, { memoryLimit, most }: BatchLimits): Promise<number> {
  const { fixedBytes, bytesPerImage } = await measureSteps(subject);
  const expected = bytesPerImage > 0 ? Math.floor((memoryLimit - fixedBytes) / bytesPerImage) : most;
  let tooMany = Math.max(1, Math.min(most, expected)) + 1;
  let fitting = 0;
  let candidate = tooMany - 1;
  while (tooMany - fitting > 1) {
    if (await fits(subject, candidate, memoryLimit)) fitting = candidate;
    else tooMany = candidate;
    candidate = Math.floor((fitting + tooMany) / 2);
  }
  if (fitting > 0) return fitting;
  const { architecture, config } = subject;
  const limit = memoryLimit.toLocaleString("en-US");
  throw new OutOfMemoryError(
    `${architecture.name} at ${config.imageSize} px does not fit into ${limit} bytes with a single image. Choose smaller images, gradient checkpointing or a smaller network.`,
  );
}

async function fits(subject: PreflightSubject, images: number, memoryLimit: number): Promise<boolean> {
  try {
    return (await probeStep(subject, images, 0)).peakBytes <= memoryLimit;
  } catch (error) {
    if (error instanceof OutOfMemoryError) return false;
    throw error;
  }
}
