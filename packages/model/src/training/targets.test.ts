import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { balancedWeights, type TargetOptions, writeTargets } from "./targets.js";

interface Losses {
  readonly logits: readonly number[][];
  readonly labels: readonly number[];
  readonly classWeights: readonly number[];
  readonly cases: readonly {
    readonly name: string;
    readonly value: number;
    readonly epsilon?: number;
    readonly lambda_?: number;
    readonly partner?: readonly number[];
  }[];
}

const losses: Losses = JSON.parse(readFileSync(new URL("fixtures/losses.json", import.meta.url), "utf8"));
const labels = Uint16Array.from(losses.labels);

describe("the trained loss is PyTorch's", () => {
  it.each(losses.cases)("$name", ({ name, value, epsilon, lambda_, partner }) => {
    const options: TargetOptions = {
      classes: 7,
      labelSmoothing: epsilon ?? 0,
      classWeights: name === "classWeights" ? losses.classWeights : undefined,
    };
    const mix = partner && {
      partners: Uint16Array.from(partner, (index) => labels[index]!),
      shares: new Float32Array(labels.length).fill(lambda_!),
    };
    const target = new Float32Array(labels.length * 7);
    writeTargets(target, mix ? { labels, mix } : { labels }, options);
    expect(meanCrossEntropy(target)).toBeCloseTo(value, 5);
  });

  it("with class weights and smoothing: the smoothed share of each class carries that class's weight", () => {
    const target = new Float32Array(4);
    const options = { classes: 2, labelSmoothing: 0.2, classWeights: [1, 3] };
    writeTargets(target, { labels: Uint16Array.of(0, 1) }, options);
    // (0.9 · 1, 0.1 · 3) and (0.1 · 1, 0.9 · 3), times 2 / (1 + 3).
    expect(Array.from(target, (value) => Number(value.toFixed(6)))).toEqual([0.45, 0.15, 0.05, 1.35]);
  });
});

it("balanced weights give every class the same total, and leave a class without examples out", () => {
  expect(balancedWeights(Uint16Array.of(0, 0, 0, 2), 3)).toEqual([2 / 3, 0, 2]);
});

function meanCrossEntropy(target: Float32Array): number {
  let sum = 0;
  losses.logits.forEach((row, i) => {
    const largest = Math.max(...row);
    const logSum = largest + Math.log(row.reduce((total, logit) => total + Math.exp(logit - largest), 0));
    row.forEach((logit, c) => {
      sum += target[i * 7 + c]! * (logSum - logit);
    });
  });
  return sum / losses.logits.length;
}
