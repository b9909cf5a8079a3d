import { describe, expect, it } from "vitest";
import { tinyResNet } from "../architectures/tiny.js";
import { lastUses } from "./liveness.js";
import { isUpdate, nodesNeeded, placeholdersOf } from "./prune.js";
import { buildTrainingGraph } from "./training-graph.js";
import { isView, root } from "./view.js";

const training = buildTrainingGraph({
  architecture: tinyResNet,
  imageSize: 32,
  classes: 3,
  batchSize: 2,
  optimizer: { kind: "sgd", momentum: 0.9, weightDecay: 0, decayOnMatricesOnly: true },
});

describe("nodesNeeded", () => {
  it("keeps every input before its use and updates last", () => {
    const nodes = nodesNeeded(training.graph, { values: [training.loss], applyUpdates: true });
    const done = new Set();
    for (const node of nodes) {
      for (const input of node.inputs) expect(done).toContain(input);
      for (const output of node.outputs) done.add(output);
    }
    expect(nodes.slice(nodes.findIndex(isUpdate)).every(isUpdate)).toBe(true);
  });

  it("drops the backward pass when only the logits are wanted, and with it the need for targets", () => {
    const nodes = nodesNeeded(training.graph, { values: [training.logits], applyUpdates: false });
    expect(nodes.some((node) => node.op.includes("Grad") || isUpdate(node))).toBe(false);
    expect([...placeholdersOf(nodes).keys()]).toEqual(["images"]);
  });
});

describe("lastUses", () => {
  it("releases every value once, never before its last reader and never a fetched one", () => {
    const fetched = [training.loss, training.gradientNorm];
    const nodes = nodesNeeded(training.graph, { values: fetched, applyUpdates: true });
    const released = lastUses(nodes, fetched);
    const gone = new Set();
    nodes.forEach((node, index) => {
      for (const input of node.inputs) expect(gone).not.toContain(root(input));
      for (const value of released[index]!) {
        expect(gone).not.toContain(value);
        gone.add(value);
      }
    });
    const all = nodes.flatMap((node) => (isView(node) ? [] : node.outputs));
    expect(gone.size).toBe(all.length - fetched.length);
    for (const value of fetched) expect(gone).not.toContain(value);
  });
});
