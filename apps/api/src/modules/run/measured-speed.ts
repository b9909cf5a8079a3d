import DataLoader from "dataloader";
import type { Context } from "../../context.js";

/** The speed of a run here, and the multiply-adds of an image by which it carries over to another image size. */
export interface MeasuredSpeed {
  imagesPerSecond: number;
  macs: number;
}

/** By architecture: what its latest run here measured, or null before the first. */
export function measuredSpeedOf({ pool }: Context): DataLoader<string, MeasuredSpeed | null> {
  return new DataLoader(async (architectures) => {
    const { rows } = await pool.query<MeasuredSpeed & { architecture: string }>(
      `SELECT DISTINCT ON (architecture) architecture, measured_images_per_second AS "imagesPerSecond",
              (passport ->> 'macs')::float8 AS macs
       FROM run
       WHERE architecture = ANY ($1) AND measured_images_per_second > 0 AND (passport ->> 'macs')::float8 > 0
       ORDER BY architecture, finished_at DESC NULLS LAST`,
      [architectures],
    );
    const byArchitecture = new Map(rows.map((row) => [row.architecture, row]));
    return architectures.map((architecture) => byArchitecture.get(architecture) ?? null);
  });
}

/** Images a second at another number of multiply-adds: training time of one architecture is proportional to them. */
export function scaleSpeed(measured: MeasuredSpeed, macs: number): number {
  return (measured.imagesPerSecond * measured.macs) / macs;
}
