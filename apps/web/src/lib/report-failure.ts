import type { CombinedError } from "urql";
import { apiError } from "@/lib/api-error";
import { showToast } from "@/lib/toast";

/** Says in a note why a mutation was refused. Returns whether it was done: nothing to report. */
export function reportFailure(error: CombinedError | undefined): boolean {
  if (error) showToast(apiError(error).message, { tone: "bad" });
  return !error;
}
