import { type OnProblem, SpoolError } from "@residual/client";
import { ApiError } from "./api-client.js";
import type { Log } from "./log.js";

/** Says in the log what becomes of metrics; `lose` hears when a job can no longer keep its promise that no point of it is lost. */
export function heedProblems(log: Log, lose: (error: Error) => void = () => {}): OnProblem {
  return ({ kind, message, code }) => {
    if (kind === "answers" || kind === "disk-back") return log.info(message);
    log.warn(message);
    if (kind === "refused") lose(new ApiError(code ?? "INTERNAL", message));
    if (kind === "lost") lose(new SpoolError(message));
  };
}
