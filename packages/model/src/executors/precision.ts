import type { Executor } from "./executor.js";

/**
 * How products of matrices and convolutions are computed; all else is float32 always. `tf32` rounds their factors to 10 bits of
 * mantissa inside the GPU, `bf16` takes factors and results in bfloat16 (7 bits).
 */
export type Precision = "fp32" | "tf32" | "bf16";

const requirements: Readonly<Record<Precision, string>> = {
  fp32: "every executor has it",
  tf32: "it needs TensorFlow on an NVIDIA GPU of the Ampere generation or newer",
  bf16: "it needs TensorFlow on an NVIDIA GPU of the Ampere generation or newer, or on a CPU with AVX512-BF16 or AMX",
};

/** Throws an Error that names the device, what it has and what the wanted precision needs. */
export function requirePrecision(
  { device, precisions }: Pick<Executor, "device" | "precisions">,
  wanted: Precision,
): void {
  if (precisions.includes(wanted)) return;
  throw new Error(
    `${device} has no ${wanted}: ${requirements[wanted]}. Train with ${precisions.join(" or ")} here, or on another worker.`,
  );
}
