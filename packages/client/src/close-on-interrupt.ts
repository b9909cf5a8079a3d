import type { CloseResult, MetricLogger } from "./metric-logger.js";

const PROGRESS_MS = 500;
const INTERRUPTED = 130;
const count = (points: number): string => points.toLocaleString("en");

/**
 * From now on Ctrl-C sends what waits, with its progress on stderr, and ends the process; a second Ctrl-C ends it at once and says what stays on disk
 * and how it gets sent. Returns what undoes that.
 */
export function closeOnInterrupt(logger: MetricLogger): () => void {
  const leaving = new AbortController();
  const onInterrupt = () => {
    if (closing) leaving.abort();
    closing ??= closeLoudly(logger, leaving.signal).then(() => process.exit(INTERRUPTED));
  };
  let closing: Promise<never> | undefined;
  process.on("SIGINT", onInterrupt);
  return () => void process.off("SIGINT", onInterrupt);
}

/** `close()` with its progress on stderr. */
export async function closeLoudly(logger: MetricLogger, signal?: AbortSignal): Promise<CloseResult> {
  let said = 0;
  const say = (text: string) => process.stderr.write(`residual: ${text}\n`);
  const result = await logger.close({
    signal,
    onProgress({ sent, total }) {
      if (sent === total || Date.now() - said < PROGRESS_MS) return;
      said = Date.now();
      say(`${count(sent)} of ${count(total)} points sent. Ctrl-C leaves the rest on disk.`);
    },
  });
  const { sent, total, left, folder } = result;
  if (total > 0) say(`${count(sent)} of ${count(total)} points sent.`);
  if (left > 0)
    say(
      `${count(left)} points stay in ${folder}. They are sent by the next run that is opened with this spool folder, or by sendLeftovers().`,
    );
  return result;
}
