import { expect, it } from "vitest";
import { standing } from "./comparison.fixture.js";
import { comparisonRow } from "./comparison-row.js";
import { configDifferences } from "./config-differences.js";
import { groupRuns } from "./group-runs.js";
import { paretoFront } from "./pareto-front.js";

it("the Pareto front holds whom nobody beats in accuracy and cost, twins included", () => {
  const priced = (id: string, accuracy: number | null, cost: number | null) => ({ id, accuracy, cost });
  expect(
    paretoFront([
      priced("dear", 0.9, 100),
      priced("beaten", 0.8, 90),
      priced("cheap", 0.85, 10),
      priced("twin", 0.85, 10),
      priced("as good but dearer", 0.85, 11),
      priced("worse at the same cost", 0.8, 10),
      priced("unknown", null, 1),
      priced("unpriced", 0.99, null),
    ]),
  ).toEqual(["cheap", "twin", "dear"]);
  expect(paretoFront([])).toEqual([]);
});

it("config differences name only what differs, nested settings with dots, and null where a run has none", () => {
  const origin = "TRAINED_HERE" as const;
  const runs = [
    { id: "a", origin, config: { epochs: 5, optimizer: { name: "SGD", momentum: 0.9 }, tags: [1] } },
    { id: "b", origin, config: { epochs: 5, optimizer: { name: "ADAMW" }, tags: [1] } },
  ];
  expect(configDifferences(runs)).toEqual([
    {
      field: "optimizer.name",
      values: [
        { run: "a", value: "SGD" },
        { run: "b", value: "ADAMW" },
      ],
    },
    {
      field: "optimizer.momentum",
      values: [
        { run: "a", value: 0.9 },
        { run: "b", value: null },
      ],
    },
  ]);
});

it("config differences of a run from elsewhere are those of the settings that it names", () => {
  const config = { epochs: 5, learningRate: 1e-3, augmentation: "LIGHT" };
  const here = { id: "here", origin: "TRAINED_HERE" as const, config };
  const logged = { id: "logged", origin: "LOGGED" as const, config: { learningRate: 1e-4, host: "gpu7" } };
  const fields = (runs: Parameters<typeof configDifferences>[0]) => configDifferences(runs).map(({ field }) => field);
  expect(fields([here, logged])).toEqual(["learningRate"]);
  const plain = { ...here, id: "plain", config: { epochs: 5, learningRate: 1e-3 } };
  expect(fields([here, plain, logged])).toEqual(["learningRate", "augmentation"]);
  const other = { ...here, id: "other", config: { ...config, epochs: 6 } };
  expect(fields([here, other, logged])).toEqual(["epochs", "learningRate"]);
});

it("groups seeds of one config, and names two configs of one architecture apart", () => {
  const runs = [
    standing("a0", { group: "g" }),
    standing("b", { group: "h", architecture: "resnet18" }),
    standing("a1", { group: "g", seed: 1 }),
    standing("c0", { group: "i" }),
    standing("c1", { group: "i", seed: 1 }),
    standing("logged", { architecture: null }),
  ];
  const names = (groupBy: "RUN" | "SEED" | "ARCHITECTURE") =>
    groupRuns(runs, groupBy).map(({ key, name, members }) => [key, name, members.length]);
  expect(names("SEED")).toEqual([
    ["g", "a0", 2],
    ["h", "b", 1],
    ["i", "c0", 2],
    ["logged", "logged", 1],
  ]);
  expect(names("ARCHITECTURE")).toEqual([
    ["resnet50", "ResNet-50", 4],
    ["resnet18", "ResNet-18", 1],
    ["logged", "logged", 1],
  ]);
  expect(names("RUN")).toHaveLength(6);
});

it("a row of several seeds has their mean with Student's interval, and their mean cost; a single run has Wilson's", () => {
  const members = [
    standing("a", { correct: 800 }),
    standing("b", { correct: 820, trainSeconds: 200 }),
    standing("c", { correct: 810, trainSeconds: null }),
  ];
  const row = comparisonRow({ key: "k", name: "n", members }, new Map());
  expect(row).toMatchObject({ runs: ["a", "b", "c"], seeds: 3, epoch: null, trainSeconds: 150, verdict: null });
  expect(row.valAccuracy!.estimate).toBeCloseTo(0.81, 12);
  // t(0.975, 2) = 4.30265273; s = 0.01
  expect(row.valAccuracy!.high! - 0.81).toBeCloseTo((4.30265273 * 0.01) / Math.sqrt(3), 9);

  const single = comparisonRow(
    { key: "a", name: "a", members: members.slice(0, 1) },
    new Map([["a", { verdict: "MILD", onsetEpoch: null }]]),
  );
  expect(single).toMatchObject({ epoch: 5, step: 50, verdict: "MILD", difference: null });
  expect(single.accuracyGap!.estimate).toBeCloseTo(0.05, 12);
  expect(single.valAccuracy!.low).toBeCloseTo(0.774, 3);
});
