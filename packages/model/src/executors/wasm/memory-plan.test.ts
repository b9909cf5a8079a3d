import { expect, it } from "vitest";
import { type ArchitectureSpec, architecture } from "../../architectures/registry.js";
import { tinyResNet, tinyVisionTransformer } from "../../architectures/tiny.js";
import type { GraphNode, Value } from "../../graph/graph.js";
import { isUpdate, nodesNeeded } from "../../graph/prune.js";
import { elementCount } from "../../graph/shape.js";
import { buildTrainingGraph, type TrainingGraphOptions } from "../../graph/training-graph.js";
import { isView, root } from "../../graph/view.js";
import { lower } from "./lowering/rules.js";
import { type MemoryPlan, planMemory } from "./memory-plan.js";

const optimizer = { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true } as const;

type Variation = Pick<TrainingGraphOptions, "freezeBatchNorm" | "recomputeBlocks">;

function plan(spec: ArchitectureSpec, imageSize: number, batchSize: number, variation: Variation = {}) {
  const options = { architecture: spec, imageSize, classes: 3, batchSize, optimizer, ...variation };
  const { graph, loss } = buildTrainingGraph(options);
  const nodes = nodesNeeded(graph, { values: [loss], applyUpdates: true });
  const target = { threads: 2, blas: false };
  const lowerings = new Map(nodes.flatMap((node) => [[node, lower(node, target)!] as const]).filter(([, l]) => l));
  return { nodes, loss, lowerings, plan: planMemory(nodes, [loss], lowerings) };
}

type Placed = { readonly what: string; readonly begin: number; readonly end: number; readonly owner?: Value };

/** Runs the nodes in thought: every byte range knows the value that was written to it last. */
function firstOverwrite(
  nodes: readonly GraphNode[],
  kept: Value,
  { values, temporaries }: MemoryPlan,
  bytesOf: (node: GraphNode) => number,
) {
  const written: Placed[] = [];
  const write = (range: Placed): void => {
    for (let i = written.length - 1; i >= 0; i--) {
      if (written[i]!.begin < range.end && range.begin < written[i]!.end) written.splice(i, 1);
    }
    written.push(range);
  };
  const place = (value: Value): Placed => {
    const begin = values.get(value)!;
    return { what: value.node.op, begin, end: begin + 4 * elementCount(value.shape), owner: root(value) };
  };
  const intact = (value: Value) =>
    written.some(({ owner, begin }) => owner === root(value) && begin === values.get(value));
  for (const node of nodes) if (node.op === "placeholder") write(place(node.outputs[0]!));
  for (const node of nodes) {
    if (isUpdate(node) && !intact(kept)) return `the fetched value is gone before ${node.op}`;
    for (const input of node.inputs) {
      if (values.has(input) && !intact(input)) return `${input.node.op} is overwritten before ${node.op} reads it`;
    }
    const working = temporaries.get(node);
    if (working !== undefined) write({ what: "working memory", begin: working, end: working + bytesOf(node) });
    for (const input of node.inputs) {
      if (working !== undefined && values.has(input) && !intact(input))
        return `working memory of ${node.op} covers an input`;
    }
    if (node.op === "placeholder" || isView(node)) continue;
    for (const output of node.outputs) if (values.has(output)) write(place(output));
  }
  return undefined;
}

it.each([tinyResNet, tinyVisionTransformer])("$id: no value is overwritten before its last reader has run", (spec) => {
  const { nodes, loss, lowerings, plan: memory } = plan(spec, 32, 4);
  expect(firstOverwrite(nodes, loss, memory, (node) => lowerings.get(node)!.temporaryBytes!)).toBeUndefined();
});

it("needs less than half of what all values together take", () => {
  const { nodes, plan: memory } = plan(architecture("resnet18"), 64, 32);
  const all = nodes.flatMap((node) => (node.op === "variable" || node.op === "reshape" ? [] : node.outputs));
  expect(memory.bytes).toBeLessThan(0.5 * all.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0));
});

/** Bytes that the arena grows by with each image of a batch. */
function bytesPerImage(id: string, variation: Variation = {}): number {
  const bytes = (batchSize: number) => plan(architecture(id), 224, batchSize, variation).plan.bytes;
  return (bytes(12) - bytes(8)) / 4;
}

/** Measured of TensorFlow.js 4.22's tape at its peak in the backward pass, scaled to 224 px (reference: models.md §1.6). */
const megabytesOfTape = [
  ["resnet18", false, 150],
  ["resnet18", true, 100],
  ["resnet50", false, 621],
  ["resnet50", true, 399],
  ["resnet101", false, 915],
  ["resnet101", true, 590],
] as const;

it.each(megabytesOfTape)(
  "%s, frozen BatchNorm %s: an image needs less than a quarter of TensorFlow.js's %d MB",
  (...row) => {
    const [id, freezeBatchNorm, megabytes] = row;
    expect(bytesPerImage(id, { freezeBatchNorm })).toBeLessThan(0.25e6 * megabytes);
  },
);

it.each(["resnet50", "vit_small_patch16_224"])("%s: with recomputed blocks the whole arena is less than half", (id) => {
  const [kept, recomputed] = [false, true].map((recomputeBlocks) =>
    plan(architecture(id), 224, 8, { recomputeBlocks }),
  );
  expect(recomputed!.plan.bytes).toBeLessThan(0.5 * kept!.plan.bytes);
});
