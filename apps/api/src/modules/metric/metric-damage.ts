import { AppError } from "../../errors.js";
import { DamagedBlockError } from "./damaged-block-error.js";

/** Where a stored piece of metrics lies, in words that an administrator can look up. */
export type Place = { runId: string; key: string | null; what: string };

/** Stored metrics that are not what was stored: told to whoever reads them, never left out in silence. */
export function metricDamage({ runId, key, what }: Place, detail: string): AppError {
  const where = `${what} of ${key === null ? "run" : `the series ${JSON.stringify(key)} of run`} ${runId}`;
  return new AppError(
    "DAMAGED",
    `The database returned ${where} damaged: ${detail}. Run "npm run db -- verify" to see all that is affected, and restore it from a backup.`,
    { run: runId, key, what },
  );
}

/** `decode()`, its error told with the place. */
export function decodeAt<T>(place: () => Place, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DamagedBlockError || (error as Error).name === "MetricFrameError")
      throw metricDamage(place(), (error as Error).message);
    // zlib tells damage by codes of its own; behind a checksum that matches there is none.
    throw error;
  }
}
