import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import type { Run } from "../run/run.entity.js";
import type { ExportTable } from "./export-table.js";
import type { ExportRequest } from "./parse-export.js";
import { runsTable } from "./runs-table.js";
import { visitRuns } from "./select-runs.js";
import { type ExportedRun, seriesTable } from "./series-table.js";

const maxRuns = 10_000;

/** Of the encoding: to be raised when the same points give other bytes. */
const encodingVersion = 2;

/** `etag`: null where the table may change without a trace. `open` reads; nothing was read of the points before. */
export type OpenExport = { readonly etag: string | null; open: () => Promise<ExportTable> };

/**
 * Resolves what a request asks for, checks that the viewer may see it, and fixes the state that is exported: each run up to its last arrival
 * of now. What lies before an arrival never changes, so that series always have a strong ETag.
 */
export async function openExport(context: Context, request: ExportRequest): Promise<OpenExport> {
  const { choice, keys, points } = request;
  if (request.table === "runs") {
    const grant = shareGrant(context.viewer);
    const etag = grant?.frozenRunIds ? etagOf([request.format, grant.linkId, choice, keys]) : null;
    return { etag, open: () => runsTable(context, choice, keys) };
  }
  const selected: Pick<Run, "id" | "name" | "distKey" | "asOf">[] = [];
  await visitRuns(context, choice, maxRuns, (page) => {
    for (const { id, name, distKey, asOf } of page) selected.push({ id, name, distKey, asOf });
  });
  const grant = shareGrant(context.viewer);
  const showsKey = grant?.isAnonymous ? (key: string) => grant.showsKey(key) : null;
  const arrivals = await arrivalsOf(context.pool, selected);
  const runs = selected.map(
    ({ id, name, distKey, asOf }): ExportedRun => ({ id, name, distKey, upTo: asOf?.arrival ?? arrivals.get(id) ?? 0 }),
  );
  return {
    etag: etagOf([
      request.format,
      runs.map(({ id, name, upTo }) => [id, name, upTo]),
      keys,
      points,
      grant?.isAnonymous ?? false,
    ]),
    open: () => seriesTable(context.pool, runs, { keys, showsKey }, points),
  };
}

/** A strong one, of everything that the bytes depend on. */
function etagOf(content: readonly unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify([encodingVersion, ...content]));
  return `"${hash.digest("base64url").slice(0, 27)}"`;
}

/** The last arrival of each run that has one. */
async function arrivalsOf(
  pool: Pool,
  runs: readonly { readonly id: string; readonly distKey: number }[],
): Promise<Map<string, number>> {
  const arrivals = new Map<string, number>();
  for (const distKey of new Set(runs.map((run) => run.distKey))) {
    const ids = runs.filter((run) => run.distKey === distKey).map((run) => run.id);
    const { rows } = await pool.query<[string, number]>({
      text: "SELECT run_id, arrivals FROM metric_stream WHERE dist_key = $1 AND run_id = ANY($2)",
      rowMode: "array",
      values: [distKey, ids],
    });
    for (const [id, arrival] of rows) arrivals.set(id, arrival);
  }
  return arrivals;
}
