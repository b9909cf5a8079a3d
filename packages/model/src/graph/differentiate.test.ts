import { describe, expect, it } from "vitest";
import { differentiate } from "./differentiate.js";
import { GraphBuilder } from "./graph-builder.js";

describe("differentiate", () => {
  it("appends no gradient of the images: the first layer's input gradient would be thrown away", () => {
    const graph = new GraphBuilder();
    const images = graph.placeholder("images", [1, 4, 4, 3]);
    const filter = graph.variable({ name: "conv1.weight", shape: [3, 3, 3, 2], kind: "conv", trainable: true });
    const y = graph.globalAveragePool(graph.conv2d(images, filter, { stride: 1, pad: 1 }));
    const loss = graph.mean(graph.softmaxCrossEntropy(y, graph.placeholder("targets", [1, 2])));
    differentiate(graph, loss, [filter]);
    const operations = graph.nodes.map((node) => node.op);
    expect(operations).toContain("conv2dGradFilter");
    expect(operations).not.toContain("conv2dGradInput");
  });

  it("differentiates nothing below the first trained weight", () => {
    const graph = new GraphBuilder();
    const x = graph.placeholder("x", [2, 3]);
    const weight = (name: string) => graph.variable({ name, shape: [3, 3], kind: "linear", trainable: true });
    const [frozen, trained] = [weight("frozen"), weight("trained")];
    const logits = graph.matMul(graph.relu(graph.matMul(x, frozen)), trained);
    const loss = graph.mean(graph.softmaxCrossEntropy(logits, graph.placeholder("targets", [2, 3])));
    const before = graph.nodes.length;
    differentiate(graph, loss, [trained]);
    const appended = graph.nodes.slice(before).map((node) => node.op);
    expect(appended).toEqual(["constant", "meanGrad", "softmaxCrossEntropyGrad", "matMul"]);
  });

  it("joins the gradients of slices that tile a value without padding them", () => {
    const graph = new GraphBuilder();
    const qkv = graph.placeholder("qkv", [3, 2, 2]);
    const role = (index: number) => graph.slice(qkv, [index, 0, 0], [1, 2, 2]);
    const y = graph.sum([graph.scale(role(0), 2), graph.scale(role(2), 3), graph.scale(role(1), 4)]);
    const loss = graph.mean(graph.reshape(y, [4]));
    differentiate(graph, loss, [qkv]);
    const operations = graph.nodes.map((node) => node.op);
    expect(operations.filter((op) => op === "concat")).toHaveLength(1);
    expect(operations).not.toContain("pad");
  });

  it("leaves out a target that the loss does not depend on", () => {
    const graph = new GraphBuilder();
    const used = graph.placeholder("used", [2]);
    const unused = graph.placeholder("unused", [2]);
    expect([...differentiate(graph, graph.mean(used), [used, unused]).keys()]).toEqual([used]);
  });

  it("refuses a loss that is no scalar", () => {
    const graph = new GraphBuilder();
    const x = graph.placeholder("x", [2]);
    expect(() => differentiate(graph, x, [x])).toThrow("the loss must be a scalar, not [2]");
  });

  it("names an operation that cannot be differentiated", () => {
    const graph = new GraphBuilder();
    const x = graph.placeholder("x", [2]);
    const norm = graph.append("globalNorm", {}, [x])[0]!;
    expect(() => differentiate(graph, norm, [x])).toThrow("globalNorm has no gradient rule");
  });
});
