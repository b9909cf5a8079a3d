import type { Crash } from "./crash-record.js";
import type { ProgramEnd } from "./fork-program.js";

/** How a program ended that should have gone on. */
export interface CrashEnd extends ProgramEnd {
  /** Why it was killed: what it did not do, and for how long. */
  readonly hung?: string | undefined;
}

/** "SIGSEGV, a fault in native code" */
export function causeOf({ code, signal, hung }: CrashEnd): string {
  if (hung) return `it hung and was ended: ${hung}`;
  if (signal === "SIGKILL") return "SIGKILL, most likely by the system for lack of memory";
  if (signal) return `${signal}, a fault in native code`;
  return code === 134 ? "SIGABRT, a fault in native code" : `exit code ${code}`;
}

function adviceFor({ signal, hung }: CrashEnd): string {
  if (!hung && signal === "SIGKILL")
    return "Try more micro-batches, gradient checkpointing, a smaller batch or image size, or a worker with more memory; then resume the run.";
  return "Run `npm run doctor` on the worker's machine. Another version of the library (npm run native) or another executor (RESIDUAL_EXECUTOR=wasm) may help; then resume the run.";
}

/** Why a run is not tried again, for the person who looks at it: what happened where, the last words, and what to do. */
export function describeCrash(end: CrashEnd, { step }: Crash, count: number): string {
  const place = step < 0 ? "before its first step" : `after step ${step}`;
  const words = end.lastLines.length > 0 ? `\nIts last lines:\n${end.lastLines.join("\n")}` : "";
  return `The process that trained this run crashed ${count} times ${place} (${causeOf(end)}). ${adviceFor(end)}${words}`;
}
