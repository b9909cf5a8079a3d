import { hash } from "node:crypto";
import type { Series } from "./metric.type.js";
import type { ReadSeries, SeriesRequest } from "./read-series.js";

type Asked = Omit<SeriesRequest, "runs" | "keys">;

/** What an etag says: which points were asked for and how (`version`), and which bytes came (`content`). */
export type SeriesTag = { version: string; content: string; count: number; exact: boolean };

/**
 * Names what a series shows without looking at it: the same points, asked for in the same way. Whatever changes what is shown of a run takes an
 * arrival of it, so that a finished run keeps its versions, and a late frame ends them.
 */
export function seriesVersion(asked: Asked, runId: string, key: string, arrivals: number): string {
  const { from, to, maxPoints, attempt = null, keepAll = false } = asked;
  return hash("sha1", JSON.stringify([runId, key, arrivals, from, to, maxPoints, attempt, keepAll]), "base64url");
}

/** For `have`. Two with the same content have the same bytes in each column; two of the same version show the same points, perhaps cut into other rows. */
function seriesEtag(version: string, series: Omit<ReadSeries, "arrivals">): string {
  return [version, contentOf(series), series.count, series.exact ? 1 : 0].join(".");
}

/** Holds for series of a run that still logs too, where the range that was asked for does not change any more. */
export function contentOf({ runId, key, count, steps, times, values, min, max }: Omit<ReadSeries, "arrivals">): string {
  const columns = [steps, times, values, min, max].flatMap((column) =>
    column ? [new Uint8Array(column.buffer, column.byteOffset, column.byteLength)] : [],
  );
  const name = Buffer.from(`${runId}\n${key}\n${count}\n${columns.length}\n`);
  return hash("sha1", Buffer.concat([name, ...columns]), "base64url");
}

/** Inverse of seriesEtag; null for any other text. */
export function parseEtag(etag: string): SeriesTag | null {
  const [version, content, count, exact, ...rest] = etag.split(".");
  if (!version || !content || !Number.isSafeInteger(Number(count)) || !/^[01]$/.test(exact ?? "") || rest.length > 0)
    return null;
  return { version, content, count: Number(count), exact: exact === "1" };
}

/** The etag of a series as it is answered; null where it has none. */
export function etagOfSeries({ version, run, step, time, value, ...series }: Series): string | null {
  return version && seriesEtag(version(), { runId: run, steps: step, times: time, values: value, ...series });
}
