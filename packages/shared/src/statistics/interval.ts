/** An estimate with its confidence interval. */
export type Interval = { estimate: number; low: number; high: number };

export const defaultConfidence = 0.95;
