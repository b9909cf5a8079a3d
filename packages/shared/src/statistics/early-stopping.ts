/** GL(t) = 100 · (valLoss(t) / smallest so far − 1) in percent, an entry an epoch; Infinity above a smallest loss of 0 (Prechelt 1998). */
export function generalizationLoss(valLoss: readonly number[]): number[] {
  let smallest = Number.POSITIVE_INFINITY;
  return valLoss.map((loss) => {
    smallest = Math.min(smallest, loss);
    return loss === smallest ? 0 : 100 * (loss / smallest - 1);
  });
}

/** P_k(t) = 1000 · (mean of the last k train losses / their minimum − 1); null before epoch k. */
export function trainingProgress(trainLoss: readonly number[], strip: number): (number | null)[] {
  return trainLoss.map((_, i) => {
    if (i + 1 < strip) return null;
    const last = trainLoss.slice(i + 1 - strip, i + 1);
    const sum = last.reduce((total, loss) => total + loss, 0);
    return 1000 * (sum / (strip * Math.min(...last)) - 1);
  });
}

/** PQ = GL / P_k: 0 where GL is 0, Infinity where progress has ended above the smallest loss, null before epoch k. */
export function progressQuotient(
  generalization: readonly number[],
  progress: readonly (number | null)[],
): (number | null)[] {
  return generalization.map((loss, i) => {
    const pace = progress[i];
    if (pace === null || pace === undefined) return null;
    return loss === 0 ? 0 : loss / pace;
  });
}

export type StoppingRules = { strip: number; alphaGL: number; alphaPQ: number; strips: number };

/**
 * The epoch (from 1) in which each of Prechelt's criteria first stops training, or null. GL is asked after every epoch, PQ and UP only at the
 * ends of strips (epochs that are a multiple of `strip`). UP: val loss rose over each of `strips` successive strips.
 */
export function stoppingEpochs(
  valLoss: readonly number[],
  trainLoss: readonly number[],
  { strip, alphaGL, alphaPQ, strips }: StoppingRules,
): { gl: number | null; pq: number | null; up: number | null } {
  const generalization = generalizationLoss(valLoss);
  const quotient = progressQuotient(generalization, trainingProgress(trainLoss, strip));
  const isStripEnd = (i: number) => (i + 1) % strip === 0;
  const roseOverStrips = (end: number) =>
    Array.from({ length: strips }, (_, s) => end - s * strip).every(
      (i) => i - strip >= 0 && valLoss[i]! > valLoss[i - strip]!,
    );
  return {
    gl: firstEpoch(generalization, (loss) => loss > alphaGL),
    pq: firstEpoch(quotient, (value, i) => isStripEnd(i) && value !== null && value > alphaPQ),
    up: firstEpoch(valLoss, (_, i) => isStripEnd(i) && roseOverStrips(i)),
  };
}

function firstEpoch<Value>(values: readonly Value[], stops: (value: Value, index: number) => boolean): number | null {
  const index = values.findIndex(stops);
  return index < 0 ? null : index + 1;
}
