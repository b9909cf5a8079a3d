import { expect, it } from "vitest";
import { resnetSpec, visionTransformerSpec } from "../../architectures/registry.js";
import { buildTrainingGraph } from "../../graph/training-graph.js";
import { initializeVariables } from "../../weights/initialize.js";
import type { Executor } from "../executor.js";
import { referenceExecutor } from "../reference/reference-executor.js";
import { l2Of } from "./evaluation-fixtures.js";
import { randomData } from "./random-data.js";

const classes = 5;
const batchSize = 4;

const basic = resnetSpec("reduced_basic", "basic blocks", 18, {
  block: "basic",
  depths: [1, 2, 1, 1],
  stem: 6,
  widths: [6, 10, 12, 20],
});
const bottleneck = resnetSpec("reduced_bottleneck", "bottlenecks", 50, {
  block: "bottleneck",
  depths: [2, 1, 1, 1],
  stem: 6,
  widths: [3, 5, 6, 8],
});
const vit = visionTransformerSpec("reduced_vit", "ViT", { patchSize: 16, width: 24, depth: 3, heads: 3, mlpRatio: 4 });

/** Each kind of block and of shortcut, at widths that fill vector registers only in part, and at sizes that do not halve evenly. */
const networks = [
  { architecture: basic, imageSize: 64 },
  { architecture: basic, imageSize: 75 },
  { architecture: bottleneck, imageSize: 64 },
  { architecture: bottleneck, imageSize: 50 },
  { architecture: vit, imageSize: 64 },
  { architecture: vit, imageSize: 80 },
];

/** Loss and the norm of every single gradient of a training step are those of plain loops in float64, to 1e-4. */
export function describeAgreement(open: () => Promise<Executor>): void {
  it.each(networks)("$architecture.id at $imageSize px", async ({ architecture, imageSize }) => {
    const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;
    const training = buildTrainingGraph({ architecture, imageSize, classes, batchSize, optimizer });
    const weights = initializeVariables(training.graph, architecture.family, 5);
    for (const { name, kind } of training.graph.variables) if (kind === "residualGamma") weights.get(name)!.fill(0.5);
    const targets = new Float32Array(batchSize * classes);
    for (let row = 0; row < batchSize; row++) targets[row * classes + row] = 1;
    const feeds = new Map([
      ["images", Float32Array.from(randomData(batchSize * imageSize * imageSize * 3, 11))],
      ["targets", targets],
    ]);
    const names = [...training.gradients.keys()];
    const values = [training.loss, ...names.map((name) => training.gradients.get(name)!)];
    const norms = async (executor: Executor) => {
      const session = await executor.openSession([training.graph]);
      await session.write(weights);
      const results = await session.run(training.graph, { values, applyUpdates: false }, feeds);
      session.dispose();
      return results.map(l2Of);
    };

    const [actual, expected] = [await norms(await open()), await norms(referenceExecutor)];
    ["loss", ...names].forEach((name, index) => {
      const distance = Math.abs(actual[index]! - expected[index]!);
      expect(distance, `${name}: ${actual[index]} for ${expected[index]}`).toBeLessThan(1e-4 * expected[index]!);
    });
  });
}
