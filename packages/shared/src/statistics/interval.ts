/** An estimate with its confidence interval. */
export type Interval = { estimate: number; low: number; high: number };

/** An estimate whose interval is null where what it takes to compute it is not known. */
export type Estimate = { estimate: number; low: number | null; high: number | null };

export const defaultConfidence = 0.95;
