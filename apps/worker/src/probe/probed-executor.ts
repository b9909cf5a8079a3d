import type { ExecutorName } from "@residual/model";
import type { MeasuredSteps } from "./measure-steps.js";

/** What a short-lived process found out about an executor of this machine. */
export type ProbedExecutor = { readonly name: ExecutorName } & (
  | {
      readonly available: true;
      readonly device: string;
      readonly threads: number;
      readonly precisions: readonly string[];
      /** Of matrix products, measured. */
      readonly gigaflops: number;
      /** None unless it was asked to train. */
      readonly steps: readonly MeasuredSteps[];
    }
  | {
      readonly available: false;
      /** For people. */
      readonly reason: string;
    }
);

export type AvailableExecutor = Extract<ProbedExecutor, { available: true }>;

/** WebGPU is there on a GPU only; the name that TensorFlow's executor gives its device tells a processor from a GPU. */
export function isOnGpu({ name, device }: AvailableExecutor): boolean {
  return name === "webgpu" || (name === "tensorflow" && !/ on CPU\b/.test(device));
}
