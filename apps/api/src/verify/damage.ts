/** Something stored that is not as it was acknowledged, in words for whoever has to repair it. */
export type Damage = {
  readonly run: string;
  /** Null where it is not about one series. */
  readonly key: string | null;
  /** The piece: a frame, a chunk, a counter. */
  readonly what: string;
  readonly problem: string;
  readonly remedy: string;
};

export const restore =
  "Restore this run from a backup; if its writer still has its spool on disk, log it again as a new run.";
export const makeAnew =
  "The points are intact. Set metric_series.stale to true for the run: its summaries are made anew when they are next read.";

/** Rows are held in memory by so many at most. */
export const rowsAtOnce = 200;
