import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { architecture } from "../../architectures/registry.js";
import { buildEvaluationGraph } from "../../graph/evaluation-graph.js";
import type { Executor } from "../executor.js";
import { referenceImages, referenceWeight, referenceWeightInTorchLayout } from "./reference-stream.js";

interface EvaluationFixture {
  readonly architecture: string;
  readonly seed: string;
  readonly imageSize: number;
  readonly batch: number;
  readonly classes: number;
  readonly weightCheck: readonly { readonly key: string; readonly first: number[]; readonly last: number }[];
  readonly inputCheck: { readonly first: number[]; readonly last: number };
  readonly stages: Record<string, { readonly shape: number[]; readonly sum: number; readonly l2: number }>;
  readonly logits: readonly {
    readonly first: number[];
    readonly sum: number;
    readonly l2: number;
    readonly argmax: number;
  }[];
}

export type EvaluationFixtureName =
  | "resnet18-64-eval"
  | "resnet18-224-eval"
  | "resnet50-224-eval"
  | "vit_base_patch16_224-224-eval";

/** Asked for by the README of the fixtures: 1e-5 of the largest logit, twice that where erf and exp may be approximated. */
const tolerance = { resnet: 1e-5, vit: 2e-5 };

/** Whole networks in evaluation mode give the logits that torchvision and timm give in float64. */
export function describeEvaluation(open: () => Promise<Executor>, fixtures: readonly EvaluationFixtureName[]): void {
  it.each(fixtures)("%s: stages and logits are those of torchvision and timm", async (name) => {
    const fixture = readFixture<EvaluationFixture>(name);
    const { architecture: id, seed, imageSize, batch, classes } = fixture;
    const spec = architecture(id);
    const { graph, logits, stages } = buildEvaluationGraph({
      architecture: spec,
      imageSize,
      classes,
      batchSize: batch,
    });
    for (const { key, first, last } of fixture.weightCheck) {
      const weight = referenceWeightInTorchLayout(seed, graph.variables.find((variable) => variable.name === key)!);
      expect([...weight.subarray(0, first.length), weight.at(-1)], key).toEqual([...first, last]);
    }

    const session = await (await open()).openSession([graph]);
    await session.write(new Map(graph.variables.map((variable) => [variable.name, referenceWeight(seed, variable)])));
    const compared = Object.keys(fixture.stages).filter((stage) => stages.has(stage));
    const values = [logits, ...compared.map((stage) => stages.get(stage)!)];
    const images = referenceImages(seed, batch, imageSize);
    expect([0, 3, 6, 9].map((red) => images[red])).toEqual(fixture.inputCheck.first);
    expect(images.at(-1)).toBe(fixture.inputCheck.last);
    const feeds = new Map([["images", images]]);
    const [actual, ...actualStages] = await session.run(graph, { values, applyUpdates: false }, feeds);
    session.dispose();

    compared.forEach((stage, index) => {
      const { sum, l2 } = fixture.stages[stage]!;
      const data = actualStages[index]!;
      expect(Math.abs(l2Of(data) - l2), `l2 after ${stage}`).toBeLessThan(1e-5 * l2);
      expect(Math.abs(sumOf(data) - sum), `sum after ${stage}`).toBeLessThan(1e-5 * l2 * Math.sqrt(data.length));
    });
    fixture.logits.forEach((expected, image) => {
      const row = actual!.subarray(image * classes, (image + 1) * classes);
      const largest = row.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      expect(row.indexOf(row.reduce((a, b) => Math.max(a, b)))).toBe(expected.argmax);
      expect(Math.abs(l2Of(row) - expected.l2)).toBeLessThan(1e-5 * expected.l2);
      expected.first.forEach((logit, index) => {
        const distance = Math.abs(row[index]! - logit);
        expect(distance, `logit ${index}: ${row[index]} for ${logit}`).toBeLessThan(tolerance[spec.family] * largest);
      });
    });
  });
}

export function readFixture<Fixture>(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8")) as Fixture;
}

export function l2Of(data: Float32Array): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
}

function sumOf(data: Float32Array): number {
  return data.reduce((sum, value) => sum + value, 0);
}
