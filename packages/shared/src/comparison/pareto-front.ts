/** A candidate with its accuracy and what it costs (seconds, multiply-adds, bytes: one unit for all). */
export type PricedCandidate = { id: string; accuracy: number | null; cost: number | null };

/** Ids of the candidates that no other beats: none is at least as accurate and as cheap and better in one of the two. Cheapest first. */
export function paretoFront(candidates: readonly PricedCandidate[]): string[] {
  const priced = candidates
    .filter(
      (candidate): candidate is { id: string; accuracy: number; cost: number } =>
        candidate.accuracy !== null && candidate.cost !== null,
    )
    .sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  let best: { accuracy: number; cost: number } | null = null;
  const front: string[] = [];
  for (const { id, accuracy, cost } of priced) {
    const isTwin = best !== null && accuracy === best.accuracy && cost === best.cost;
    if (best !== null && accuracy <= best.accuracy && !isTwin) continue;
    front.push(id);
    best = { accuracy, cost };
  }
  return front;
}
