import { expect, it } from "vitest";
import type { Value } from "../../graph/graph.js";
import { GraphBuilder } from "../../graph/graph-builder.js";
import type { Executor } from "../executor.js";
import { referenceExecutor } from "../reference/reference-executor.js";
import { expectClose } from "./operations.js";
import { randomData } from "./random-data.js";

/** What one update is given, and the slots that it changes beside the weight. */
interface UpdateCase {
  readonly slots: readonly string[];
  readonly append: (graph: GraphBuilder, inputs: UpdateInputs) => void;
}

interface UpdateInputs {
  readonly gradient: Value;
  readonly learningRate: Value;
  readonly gradientScale: Value;
  readonly step: Value;
}

const name = "fc.weight";
/** Odd, so that the last vector register is not full. */
const shape = [37, 3];
const momentum = { name, momentum: 0.9, nesterov: false, weightDecay: 0.1, learningRateScale: 1 };
const adamW = { name, beta1: 0.9, beta2: 0.999, epsilon: 1e-3, weightDecay: 0.1, learningRateScale: 1 };

const applyMomentum = (changes: Partial<typeof momentum>): UpdateCase => ({
  slots: [`momentum/${name}`],
  append: (graph, { gradient, learningRate, gradientScale }) => {
    graph.append("applyMomentum", { ...momentum, ...changes }, [gradient, learningRate, gradientScale]);
  },
});

const applyAdamW = (changes: Partial<typeof adamW>): UpdateCase => ({
  slots: [`adam_m/${name}`, `adam_v/${name}`],
  append: (graph, { gradient, learningRate, gradientScale, step }) => {
    graph.append("applyAdamW", { ...adamW, ...changes }, [gradient, learningRate, gradientScale, step]);
  },
});

const cases: Readonly<Record<string, UpdateCase>> = {
  "SGD with momentum": applyMomentum({}),
  "Nesterov's SGD": applyMomentum({ nesterov: true }),
  "SGD at a seventh of the learning rate": applyMomentum({ learningRateScale: 1 / 7 }),
  AdamW: applyAdamW({}),
  "AdamW at ten times the learning rate": applyAdamW({ learningRateScale: 10 }),
  "a running average": {
    slots: [],
    append: (graph, { gradient }) => graph.append("moveAverage", { name, momentum: 0.1 }, [gradient]),
  },
  "the accumulation of gradients": {
    slots: [`accumulated/${name}`],
    append: (graph, { gradient }) => graph.append("accumulate", { name }, [gradient]),
  },
  "an update from accumulated gradients, which are cleared": {
    slots: [`accumulated/${name}`, `momentum/${name}`],
    append: (graph, { gradient, learningRate, gradientScale }) => {
      const slot = { name: `accumulated/${name}`, shape, kind: "slot", trainable: false } as const;
      const earlier = graph.variable(slot);
      const sum = graph.add(earlier, gradient);
      graph.append("applyMomentum", momentum, [sum, learningRate, gradientScale]);
      graph.append("clearAccumulated", { name }, [earlier]);
    },
  },
  "an average of the weights after their update": {
    slots: [`momentum/${name}`, `ema/${name}`],
    append: (graph, { gradient, learningRate, gradientScale, step }) => {
      graph.append("applyMomentum", momentum, [gradient, learningRate, gradientScale]);
      graph.append("averageWeights", { name, decay: 0.6, shape }, [step]);
    },
  },
};

/** Every update, three times in a row, changes a weight and its slots as plain loops in float64 do. */
export function describeUpdates(open: () => Promise<Executor>): void {
  it.each(Object.entries(cases))("%s", async (_title, one) => {
    const actual = await runThreeTimes(await open(), one);
    const expected = await runThreeTimes(referenceExecutor, one);
    for (const [variable, values] of expected) expectClose(actual.get(variable)!, values, 1e-5, variable);
    expect([...expected].some(([variable, values]) => values.some((value, i) => value !== startOf(variable)[i]))).toBe(
      true,
    );
  });
}

async function runThreeTimes(executor: Executor, { slots, append }: UpdateCase): Promise<Map<string, Float32Array>> {
  const graph = new GraphBuilder();
  graph.declare({ name, shape, kind: "linear", trainable: true });
  for (const slot of slots) graph.declare({ name: slot, shape, kind: "slot", trainable: false });
  const scalar = (feed: string) => graph.placeholder(feed, []);
  append(graph, {
    gradient: graph.placeholder("gradient", shape),
    learningRate: scalar("learningRate"),
    gradientScale: scalar("gradientScale"),
    step: scalar("step"),
  });
  const built = graph.build();
  const session = await executor.openSession([built]);
  try {
    const names = [name, ...slots];
    await session.write(new Map(names.map((variable) => [variable, startOf(variable)])));
    for (const step of [1, 2, 3]) {
      const feeds = new Map([
        ["gradient", numbers(step)],
        ["learningRate", Float32Array.of(0.05)],
        ["gradientScale", Float32Array.of(0.7)],
        ["step", Float32Array.of(step)],
      ]);
      await session.run(built, { values: [], applyUpdates: true }, feeds);
    }
    return await session.read(names);
  } finally {
    session.dispose();
  }
}

/** Second moments are positive; the others start from anything, as after many steps. */
function startOf(variable: string): Float32Array {
  const start = numbers(variable.length);
  return variable.startsWith("adam_v/") ? start.map((value) => value * value) : start;
}

function numbers(seed: number): Float32Array {
  return Float32Array.from(randomData(shape[0]! * shape[1]!, seed));
}
