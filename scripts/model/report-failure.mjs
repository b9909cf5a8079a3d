import { StartError } from "../start/progress.mjs";

const readable = new Set(["ExportError", "PretrainedError"]);

/** What the user can act on is told as a sentence; anything else is a bug and keeps its stack. */
export function reportFailure(error) {
  const isReadable = error instanceof StartError || readable.has(error?.name);
  console.error(isReadable ? error.message : error);
  process.exitCode = 1;
}
