/**
 * Rows of class weights for the cross-entropy, [B, C]: one-hot, softened by `labelSmoothing` ε to 1 − ε + ε/C for the label and ε/C
 * elsewhere (Szegedy et al. 2016). Writes into `target`.
 */
export function writeTargets(target: Float32Array, labels: Uint16Array, classes: number, labelSmoothing: number): void {
  target.fill(labelSmoothing / classes);
  for (let i = 0; i < labels.length; i++) target[i * classes + labels[i]!]! += 1 - labelSmoothing;
}
