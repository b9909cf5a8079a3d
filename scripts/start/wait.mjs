import { StartError } from "./progress.mjs";

/** Resolves when `url` answers below 500. Gives up after `limitMs` with a message that points at the log. */
export async function waitForHttp(url, limitMs, logFile, isOver) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
      if (response.status < 500) return;
    } catch {
      // Not listening yet.
    }
    if (isOver()) throw new StartError("Stopped before it was ready.");
    if (Date.now() > deadline)
      throw new StartError(`${url} did not answer within ${limitMs / 1000} s. Its log: ${logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
