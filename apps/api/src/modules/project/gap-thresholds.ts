import type { Pool } from "pg";

/** From where on a gap counts, by the id of the project. */
export async function readGapThresholds(pool: Pool, projectIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; gap_threshold: number }>({
    name: "project-gap-thresholds",
    text: "SELECT id, gap_threshold FROM project WHERE id = ANY($1)",
    values: [[...new Set(projectIds)]],
  });
  return new Map(rows.map((row) => [row.id, row.gap_threshold]));
}
