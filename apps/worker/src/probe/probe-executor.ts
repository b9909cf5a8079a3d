import type { ExecutorName } from "@residual/model";
import { causeOf } from "../processes/describe-crash.js";
import { forkProgram } from "../processes/fork-program.js";
import { type AvailableExecutor, isOnGpu, type ProbedExecutor } from "./probed-executor.js";

/** In order of preference; among them, those that compute on a GPU come first. */
const automatic: readonly ExecutorName[] = ["tensorflow", "webgpu", "wasm-blas", "wasm"];
/** A library on a network drive takes its time; one that hangs must not keep the worker from starting. */
const LIMIT_MS = 120_000;

interface ProbeOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Also trains a few steps of two networks. */
  readonly trains?: boolean;
}

/** Asks a process of its own what an executor is. One whose library crashes or hangs is not available. */
async function probeExecutor(name: ExecutorName, { env, trains = false }: ProbeOptions): Promise<ProbedExecutor> {
  const { child, ended } = forkProgram("probe-process", { args: trains ? [name, "train"] : [name], env });
  let found: ProbedExecutor | undefined;
  child.on("message", (message: ProbedExecutor) => {
    found = message;
  });
  const limit = setTimeout(() => child.kill("SIGTERM"), LIMIT_MS);
  const end = await ended;
  clearTimeout(limit);
  if (found) return found;
  const why =
    end.signal === "SIGTERM" ? `it did not answer within ${LIMIT_MS / 1000} s` : `it crashed (${causeOf(end)})`;
  const words = end.lastLines.at(-1);
  return { name, available: false, reason: `when it was opened, ${why}${words ? `: ${words}` : ""}` };
}

/** All that may be used, one after another so that each has the machine to itself. */
export async function probeAll(prefer: "auto" | ExecutorName, options: ProbeOptions): Promise<ProbedExecutor[]> {
  const probed: ProbedExecutor[] = [];
  for (const name of prefer === "auto" ? automatic : [prefer]) probed.push(await probeExecutor(name, options));
  return probed;
}

export interface ExecutorChoice {
  readonly chosen: AvailableExecutor;
  readonly probed: readonly ProbedExecutor[];
}

/**
 * Probes the executors that may be used and chooses the first that is there, one on a GPU before all others.
 * `auto` tries tensorflow, webgpu, wasm-blas and wasm; a name insists on that one. Throws an Error that says what is missing.
 */
export async function chooseExecutor(prefer: "auto" | ExecutorName, env: NodeJS.ProcessEnv): Promise<ExecutorChoice> {
  const probed = await probeAll(prefer, { env });
  const available = probed.filter((executor) => executor.available);
  const chosen = available.find(isOnGpu) ?? available[0];
  if (chosen) return { chosen, probed };
  const reasons = probed.map((executor) => (executor.available ? "" : `${executor.name}: ${executor.reason}`));
  throw new Error(
    `no executor is available. ${reasons.join("; ")}.${prefer === "auto" ? "" : " Set RESIDUAL_EXECUTOR=auto to take what there is."}`,
  );
}
