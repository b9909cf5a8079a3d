import DataLoader from "dataloader";
import type { Context } from "../../context.js";

/** The speed of a run here, and the multiply-adds of an image by which it carries over to another image size. */
export interface MeasuredSpeed {
  imagesPerSecond: number;
  macs: number;
  gradientCheckpointing: boolean;
}

/**
 * Forward passes that a training step costs: one, and about twice as much again for the backward pass; another one where blocks are computed
 * again for it.
 */
export function passesOfStep(gradientCheckpointing: boolean): number {
  return gradientCheckpointing ? 4 : 3;
}

/** By architecture: what its latest run here measured, or null before the first. */
export function measuredSpeedOf({ pool }: Context): DataLoader<string, MeasuredSpeed | null> {
  return new DataLoader(async (architectures) => {
    const { rows } = await pool.query<MeasuredSpeed & { architecture: string }>(
      `SELECT DISTINCT ON (architecture) architecture, measured_images_per_second AS "imagesPerSecond",
              (passport ->> 'macs')::float8 AS macs,
              coalesce((config ->> 'gradientCheckpointing')::boolean, false) AS "gradientCheckpointing"
       FROM run
       WHERE architecture = ANY ($1) AND measured_images_per_second > 0 AND (passport ->> 'macs')::float8 > 0
       ORDER BY architecture, finished_at DESC NULLS LAST`,
      [architectures],
    );
    const byArchitecture = new Map(rows.map((row) => [row.architecture, row]));
    return architectures.map((architecture) => byArchitecture.get(architecture) ?? null);
  });
}

/** Images a second at another number of multiply-adds, and with or without recomputing: training time of one architecture is proportional to both. */
export function scaleSpeed(measured: MeasuredSpeed, macs: number, gradientCheckpointing: boolean): number {
  const passes = passesOfStep(measured.gradientCheckpointing) / passesOfStep(gradientCheckpointing);
  return (measured.imagesPerSecond * measured.macs * passes) / macs;
}
