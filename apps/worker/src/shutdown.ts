/** Time for the job to put itself down: checkpoint, reports, giving the job back. Together with what follows less than 30 seconds. */
const GRACE_MS = 20_000;
/** After the parent is gone the API has most likely gone with it. */
const ORPHAN_GRACE_MS = 5_000;
/** What is left when even the last word did not get through. */
const EXIT_MS = 28_000;

export interface Shutdown {
  /** Aborted when the worker is to end. */
  readonly begun: AbortSignal;
  /** Aborted when its job must be let go. */
  readonly deadline: AbortSignal;
}

/** Listens for the wish to end: SIGTERM, SIGINT, or a parent that has vanished (its IPC channel is closed). */
export function listenForShutdown(onBegin: (why: string) => void): Shutdown {
  const begun = new AbortController();
  const deadline = new AbortController();
  const begin = (why: string, graceMs: number) => {
    if (begun.signal.aborted) return;
    onBegin(why);
    begun.abort(new Error("the worker shuts down"));
    setTimeout(() => deadline.abort(new Error("the worker has no time left")), graceMs).unref();
    setTimeout(() => process.exit(0), EXIT_MS).unref();
  };
  process.on("SIGTERM", () => begin("SIGTERM", GRACE_MS));
  process.on("SIGINT", () => begin("SIGINT", GRACE_MS));
  process.on("disconnect", () => begin("the process that started this worker is gone", ORPHAN_GRACE_MS));
  return { begun: begun.signal, deadline: deadline.signal };
}
