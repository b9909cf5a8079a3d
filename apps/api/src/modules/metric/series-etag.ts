import { createHash } from "node:crypto";
import type { SeriesColumns } from "./thin-series.js";

/**
 * A strong validator of a series as it was answered: equal only where every byte of its columns is. Made from the content, so that it also holds
 * for a finished run of which a late frame arrives, and for a running one of which none did.
 */
export function seriesEtag(series: SeriesColumns & { runId: string; key: string; count: number }): string {
  const hash = createHash("sha1").update(`${series.runId}\n${series.key}\n${series.count}`);
  for (const column of [series.steps, series.times, series.values, series.min, series.max])
    if (column) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest("base64url");
}
