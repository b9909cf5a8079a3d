import type { ClientBase } from "pg";
import type { RunToRead } from "../modules/metric/read-parts.js";
import { type Damage, restore } from "./damage.js";

const digestBytes = 8;

type Span = { writer: string; first_seq: number; last_seq: number; bytes: number };

/** Every number from 1 to a writer's watermark must be accounted for once: by a frame, or by the receipt of one that was compacted. */
export async function verifyWriters(client: ClientBase, run: RunToRead, damages: Damage[]): Promise<void> {
  const of = [run.distKey, run.id];
  const { rows: writers } = await client.query<{ writer: string; last_seq: number }>(
    "SELECT writer, last_seq FROM run_writer WHERE dist_key = $1 AND run_id = $2",
    of,
  );
  const { rows: spans } = await client.query<Span>(
    `SELECT writer, first_seq, last_seq, length(digests) AS bytes FROM metric_receipt WHERE dist_key = $1 AND run_id = $2
     UNION ALL SELECT writer, seq, seq, length(digest) FROM metric_frame WHERE dist_key = $1 AND run_id = $2
     ORDER BY writer, first_seq`,
    of,
  );
  const next = new Map<string, number>();
  const report = (writer: string, problem: string) =>
    damages.push({ run: run.id, key: null, what: `writer ${writer}`, problem, remedy: restore });
  for (const { writer, first_seq: first, last_seq: last, bytes } of spans) {
    const expected = next.get(writer) ?? 1;
    if (first > expected) report(writer, `the frames ${expected} to ${first - 1} were acknowledged and are gone`);
    if (first < expected) report(writer, `the frames ${first} to ${Math.min(last, expected - 1)} are there twice`);
    if (bytes !== digestBytes * (last - first + 1))
      report(
        writer,
        `the receipt of the frames ${first} to ${last} has ${bytes} bytes instead of ${digestBytes * (last - first + 1)}`,
      );
    next.set(writer, Math.max(expected, last + 1));
  }
  const watermarks = new Map(writers.map((row) => [row.writer, row.last_seq]));
  for (const writer of new Set([...watermarks.keys(), ...next.keys()])) {
    const found = (next.get(writer) ?? 1) - 1;
    const acknowledged = watermarks.get(writer) ?? 0;
    if (found < acknowledged)
      report(writer, `the frames ${found + 1} to ${acknowledged} were acknowledged and are gone`);
    if (found > acknowledged) report(writer, `there are frames up to ${found}, and ${acknowledged} were acknowledged`);
  }
}
