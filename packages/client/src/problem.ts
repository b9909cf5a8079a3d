/** What a script's author has to know; told once until it changes. */
export interface Problem {
  /**
   * `unreachable`: the API does not answer; what is logged waits on disk, and `answers` follows once it is sent. `refused`: the API takes nothing
   * more of this writer; what is logged stays on disk. `disk`: the folder takes no more, `disk-back`: it does again. `lost`: points were not kept.
   * `bad-value`: a call was not logged. `leftover`: about metrics of an earlier process.
   */
  readonly kind: "unreachable" | "answers" | "refused" | "disk" | "disk-back" | "lost" | "bad-value" | "leftover";
  /** What happened, and what to do. */
  readonly message: string;
  /** With `refused`: the API's code. */
  readonly code?: string;
}

export type OnProblem = (problem: Problem) => void;

export function printProblem({ message }: Problem): void {
  process.stderr.write(`residual: ${message}\n`);
}
