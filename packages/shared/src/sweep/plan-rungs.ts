/** candidates: configurations that are still in; share: the part of their epochs that they train for. */
export type Rung = { candidates: number; share: number };

/**
 * Rungs of successive halving (Jamieson & Talwalkar 2016): all candidates train for a part of their epochs, the best of them, one in `keep`,
 * for `keep` times as long, and so on to the full length, which at least one reaches. Each rung trains anew: a schedule that ends in a third of
 * the epochs is not the first third of a longer one. One rung of all where nothing can be left out.
 */
export function planRungs(candidates: number, keep: number): Rung[] {
  const rungs: Rung[] = [];
  for (let left = candidates; left >= 1; left = Math.ceil(left / keep)) {
    rungs.push({ candidates: left, share: 1 });
    if (left === 1) break;
  }
  // The last rung that still drops somebody is the last but one: a single one left trains the full length.
  return rungs.map((rung, i) => ({ ...rung, share: keep ** (i - rungs.length + 1) }));
}

/** Epochs of a rung: never none. */
export function rungEpochs(epochs: number, { share }: Rung): number {
  return Math.max(1, Math.round(epochs * share));
}

/** Training time of all rungs in multiples of that of training every candidate for all its epochs. */
export function rungCost(rungs: readonly Rung[]): number {
  const all = rungs[0]?.candidates ?? 0;
  return all === 0 ? 0 : rungs.reduce((sum, { candidates, share }) => sum + candidates * share, 0) / all;
}
