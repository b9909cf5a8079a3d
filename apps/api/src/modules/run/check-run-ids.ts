import { badInput } from "../../errors.js";

const MAX_RUNS = 300;

/** Runs that one comparison is made of; of an experiment with more, the newest are. */
export const maxComparedRuns = 1_000;

/** Throws BAD_INPUT for more runs than one request serves, for none, or for a run that is named twice. */
export function checkRunIds(runs: string[], maxRuns = MAX_RUNS): void {
  if (runs.length < 1 || runs.length > maxRuns)
    throw badInput("runs", `runs names ${runs.length}; 1 to ${maxRuns} are served in one request.`, [1, maxRuns]);
  if (new Set(runs).size < runs.length) throw badInput("runs", "runs names a run twice. Name each once.");
}
