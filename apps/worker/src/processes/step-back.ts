import { constants, getPriority, setPriority } from "node:os";

const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;

/** Training fills every core; the worker, the API and the dashboard of the same machine must answer all the same. */
export function stepBack(): void {
  // A process that was started with less may not have more.
  if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
}

/** For what nobody waits for. */
export function stepFarBack(): void {
  setPriority(PRIORITY_LOW);
}
