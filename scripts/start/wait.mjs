import { StartError } from "./progress.mjs";

/**
 * Resolves when `url` answers below 500 and it is ours who answers: while our part starts, another program may take its port. Gives up
 * after `limitMs` with a message that points at the log.
 */
export async function waitForHttp(url, limitMs, logFile, isOver, isOurs = () => true) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
      if (response.status < 500 && isOurs()) return;
    } catch {
      // Not listening yet.
    }
    if (isOver()) throw new StartError("Stopped before it was ready.");
    if (Date.now() > deadline)
      throw new StartError(`${url} did not answer within ${limitMs / 1000} s. Its log: ${logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
