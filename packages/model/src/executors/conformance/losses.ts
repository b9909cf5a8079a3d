import { it } from "vitest";
import { differentiate } from "../../graph/differentiate.js";
import { GraphBuilder } from "../../graph/graph-builder.js";
import type { Executor } from "../executor.js";
import { readFixture } from "./evaluation-fixtures.js";
import { expectClose } from "./operations.js";

interface LossFixture {
  readonly logits: number[][];
  readonly labels: number[];
  readonly classWeights: number[];
  readonly cases: readonly {
    readonly name: string;
    readonly value: number;
    readonly gradientOfLogits: number[][];
    readonly epsilon?: number;
    readonly lambda_?: number;
    readonly partner?: number[];
  }[];
  readonly stability: { readonly logits: number[][]; readonly labels: number[]; readonly perExample: number[] };
}

/** Every loss that training knows is the one cross-entropy with other rows of targets; PyTorch has an option for each. */
export function describeLosses(open: () => Promise<Executor>): void {
  const { logits, labels, classWeights, cases, stability } = readFixture<LossFixture>("losses");
  const classes = logits[0]!.length;
  const oneHot = (label: number, epsilon: number) =>
    Array.from({ length: classes }, (_, c) => (c === label ? 1 - epsilon : 0) + epsilon / classes);

  it.each(cases)("$name", async ({ name, value, gradientOfLogits, epsilon = 0, lambda_: lambda = 1, partner }) => {
    // PyTorch divides by the sum of the weights, our mean by the number of rows.
    const weights = labels.map((label) => (name === "classWeights" ? classWeights[label]! : 1));
    const share = labels.length / weights.reduce((sum, weight) => sum + weight, 0);
    const targets = labels.map((label, row) => {
      const other = oneHot(labels[partner?.[row] ?? row]!, epsilon);
      const mixed = oneHot(label, epsilon).map((target, c) => lambda * target + (1 - lambda) * other[c]!);
      return mixed.map((target) => target * weights[row]! * share);
    });
    const { loss, gradient } = await crossEntropy(await open(), logits, targets);
    expectClose(loss, [value], 1e-6, "loss");
    expectClose(gradient, gradientOfLogits.flat(), 2e-6, "gradient of the logits");
  });

  it("stays finite at logits of a thousand", async () => {
    const targets = stability.labels.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)));
    const { losses } = await crossEntropy(await open(), stability.logits, targets);
    expectClose(losses, stability.perExample, 1e-6, "losses");
  });
}

async function crossEntropy(executor: Executor, logits: number[][], targets: number[][]) {
  const shape = [logits.length, logits[0]!.length];
  const graph = new GraphBuilder();
  const [z, t] = [graph.placeholder("logits", shape), graph.placeholder("targets", shape)];
  const losses = graph.softmaxCrossEntropy(z, t);
  const loss = graph.mean(losses);
  const gradient = differentiate(graph, loss, [z]).get(z)!;
  const built = graph.build();
  const session = await executor.openSession([built]);
  try {
    const feeds = new Map([
      ["logits", Float32Array.from(logits.flat())],
      ["targets", Float32Array.from(targets.flat())],
    ]);
    const fetch = { values: [loss, losses, gradient], applyUpdates: false };
    const [one, each, slope] = await session.run(built, fetch, feeds);
    return { loss: one!, losses: each!, gradient: slope! };
  } finally {
    session.dispose();
  }
}
