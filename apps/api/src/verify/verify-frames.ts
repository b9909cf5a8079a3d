import { createHash } from "node:crypto";
import type { ClientBase } from "pg";
import type { RunToRead } from "../modules/metric/read-parts.js";
import { decodeFrame } from "../modules/metric/stored-frame.js";
import { type Damage, restore, rowsAtOnce } from "./damage.js";

type FrameRow = { arrival: number; writer: string; seq: number; points: number; digest: Buffer; frame: Buffer };

/** Decodes every frame of a run that is not compacted yet, and compares it with its digest and its count. Returns the points that they hold by their own count. */
export async function verifyFrames(client: ClientBase, run: RunToRead, damages: Damage[]): Promise<number> {
  let points = 0;
  let after = 0;
  for (;;) {
    const { rows } = await client.query<FrameRow>(
      `SELECT arrival, writer, seq, points, digest, frame FROM metric_frame
       WHERE dist_key = $1 AND run_id = $2 AND arrival > $3 ORDER BY arrival LIMIT $4`,
      [run.distKey, run.id, after, rowsAtOnce],
    );
    for (const row of rows) {
      points += row.points;
      const problem = problemOf(row);
      const what = `frame ${row.arrival} (writer ${row.writer}, seq ${row.seq})`;
      if (problem) damages.push({ run: run.id, key: null, what, problem, remedy: restore });
    }
    if (rows.length < rowsAtOnce) return points;
    after = rows.at(-1)!.arrival;
  }
}

function problemOf({ frame, digest, points, arrival }: FrameRow): string | null {
  const found = createHash("sha256").update(frame).digest().subarray(0, digest.length);
  if (!found.equals(digest)) return "its bytes are not those that were acknowledged: the digest does not match";
  try {
    const stored = decodeFrame(frame, arrival).reduce((sum, series) => sum + series.points.steps.length, 0);
    return stored === points ? null : `it holds ${stored} points, and ${points} were acknowledged`;
  } catch (error) {
    return `it cannot be decoded: ${(error as Error).message}`;
  }
}
