import type { Message } from "../message/message.js";

/** What a worker finds when it examines its machine: the output of `npm run doctor -- --json` and of `Worker.doctor`. */
export interface DoctorReport {
  /** ISO 8601. */
  readonly examinedAt: string;
  readonly host: string;
  /** Of the worker. */
  readonly version: string;
  /** True when no check failed: this machine can train. */
  readonly healthy: boolean;
  readonly checks: readonly DoctorCheck[];
  readonly executors: readonly DoctorExecutor[];
}

export const doctorSubjects = ["NODE", "MEMORY", "DRIVER", "LIBRARY", "TRAINING", "DISK", "LOADER"] as const;
export type DoctorSubject = (typeof doctorSubjects)[number];

/** One line with ✓ or ✗. */
export interface DoctorCheck {
  readonly subject: DoctorSubject;
  readonly ok: boolean;
  /** What was found, with its figures. */
  readonly finding: Message;
  /** What to do: always there where `ok` is false, and where a machine that works could do better. */
  readonly advice?: Message;
}

/** An executor, and how fast it really trained in this examination. */
export interface DoctorExecutor {
  /** `tensorflow`, `webgpu`, `wasm-blas` or `wasm`. */
  readonly name: string;
  readonly available: boolean;
  /** The one that runs are trained with. */
  readonly chosen: boolean;
  /** The library and the processor or GPU; the reason where it is not available. */
  readonly detail: string;
  /** `fp32`, `tf32`, `bf16`; none where it is not available. */
  readonly precisions: readonly string[];
  readonly steps: readonly DoctorStep[];
}

/** Whole training steps of one network: forward, backward and update. */
export interface DoctorStep {
  readonly architecture: string;
  readonly imageSize: number;
  readonly batchSize: number;
  /** Median of the measured steps; null where the step failed. */
  readonly imagesPerSecond: number | null;
  /** Why it failed. */
  readonly problem?: string;
}
