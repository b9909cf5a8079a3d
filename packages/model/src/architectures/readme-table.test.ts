import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { activationElements, countMacs, countParameters } from "../graph/measure.js";
import { buildTrainingGraph } from "../graph/training-graph.js";
import { type ArchitectureSpec, architectures } from "./registry.js";

const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;
const millions = (elements: number) => `${(elements / 1e6).toFixed(1)} M`;

function row(architecture: ArchitectureSpec): string {
  const size = { architecture, imageSize: 224, classes: 1000 };
  const { graph } = buildEvaluationGraph({ ...size, batchSize: 1 });
  const cells = [
    `\`${architecture.id}\``,
    countParameters(graph).toLocaleString("en-US"),
    `${(countMacs(graph) / 1e9).toFixed(2)} G`,
    ...[false, true].map((recomputeBlocks) => {
      const held = (batchSize: number) =>
        activationElements(buildTrainingGraph({ ...size, batchSize, optimizer, recomputeBlocks }).graph);
      return millions(held(2) - held(1));
    }),
  ];
  return `| ${cells.join(" | ")} |`;
}

it("the README's table of networks is what their graphs say", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const printed = readme.split("\n").filter((line) => line.startsWith("| `resnet") || line.startsWith("| `vit"));
  expect(printed).toEqual(architectures.map(row));
});
