import type { ClientBase } from "pg";

const DIGEST_BYTES = 8;

/**
 * The digests of frames that were acknowledged before, in the order of `items`; compacted frames leave theirs in metric_receipt, so that
 * a frame sent again is told from another with the same seq for as long as the run exists.
 */
export async function findReceipts(
  client: ClientBase,
  distKey: number,
  items: { runId: string; writer: string; seq: number }[],
): Promise<Buffer[]> {
  const { rows } = await client.query<{ digest: Buffer }>({
    name: "metric-find-receipts",
    text: `
      SELECT q.i, COALESCE(f.digest, substring(r.digests FROM ((q.seq - r.first_seq) * ${DIGEST_BYTES} + 1)::int FOR ${DIGEST_BYTES})) AS digest
      FROM unnest($2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS q(run_id, writer, seq, i)
      LEFT JOIN metric_frame f ON f.dist_key = $1 AND f.run_id = q.run_id AND f.writer = q.writer AND f.seq = q.seq
      LEFT JOIN metric_receipt r ON r.dist_key = $1 AND r.run_id = q.run_id AND r.writer = q.writer
        AND q.seq BETWEEN r.first_seq AND r.last_seq
      ORDER BY q.i`,
    values: [distKey, items.map((i) => i.runId), items.map((i) => i.writer), items.map((i) => i.seq)],
  });
  return rows.map((row) => row.digest);
}

/** Keeps the digests of frames that compaction is about to delete: consecutive ones of a writer share a row. */
export async function keepReceipts(
  client: ClientBase,
  run: { id: string; distKey: number },
  frames: { writer: string; seq: number; digest: Buffer }[],
): Promise<void> {
  const spans: { writer: string; first: number; last: number; digests: Buffer[] }[] = [];
  for (const frame of [...frames].sort((a, b) =>
    a.writer < b.writer ? -1 : a.writer > b.writer ? 1 : a.seq - b.seq,
  )) {
    const open = spans.at(-1);
    if (open && open.writer === frame.writer && open.last + 1 === frame.seq) {
      open.last = frame.seq;
      open.digests.push(frame.digest);
    } else spans.push({ writer: frame.writer, first: frame.seq, last: frame.seq, digests: [frame.digest] });
  }
  await client.query(
    `INSERT INTO metric_receipt (dist_key, run_id, writer, first_seq, last_seq, digests)
     SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bytea[])`,
    [
      run.distKey,
      run.id,
      spans.map((s) => s.writer),
      spans.map((s) => s.first),
      spans.map((s) => s.last),
      spans.map((s) => Buffer.concat(s.digests)),
    ],
  );
}
