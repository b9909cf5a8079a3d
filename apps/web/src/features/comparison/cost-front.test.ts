import { expect, it } from "vitest";
import type { ComparisonRowViewFragment } from "@/gql/graphql";
import { type Cost, commonCurrency, costPoints, unpricedRows } from "./cost-front";

const none = { train: null, val: null };
const curves = { accuracy: none, loss: none, accuracyInPercent: false };

function row(
  name: string,
  accuracy: number | null,
  parameters: number | null,
  trainSeconds: number | null,
): ComparisonRowViewFragment {
  return {
    key: name,
    name,
    epoch: 1,
    step: 1,
    seeds: 1,
    verdict: null,
    valLoss: null,
    parameters,
    macs: null,
    trainSeconds,
    imagesPerSecond: null,
    secondsPerEpoch: null,
    memoryBytes: parameters === null ? null : 100 - parameters,
    latencyMilliseconds: null,
    energyWattHours: null,
    price: null,
    unpricedWorkers: [],
    valAccuracy: accuracy === null ? null : { estimate: accuracy, low: accuracy - 0.02, high: accuracy + 0.02 },
    accuracyGap: null,
    lossGap: null,
    difference: null,
    architecture: null,
    runs: [{ id: `run_${name}`, name, status: "FINISHED", curves }],
  };
}

const rows = [
  row("cheap", 0.8, 10, 300),
  row("dominated", 0.79, 20, 200),
  row("best", 0.9, 40, 100),
  row("twin", 0.9, 40, 500),
  row("unscored", null, 5, 10),
  row("unpriced", 0.99, null, null),
];

const front = (cost: Cost) =>
  costPoints(rows, cost)
    .filter(({ isOnFront }) => isOnFront)
    .map(({ name }) => name);

it("puts on the front whom no other run beats; equals stay together", () => {
  expect(front("parameters")).toEqual(["cheap", "best", "twin"]);
});

it("judges by the cost that was chosen", () => {
  expect(front("time")).toEqual(["best"]);
  expect(front("memory")).toEqual(["best", "twin"]);
});

it("leaves out runs without an accuracy or without this cost", () => {
  expect(costPoints(rows, "parameters").map(({ name }) => name)).not.toContain("unscored");
  expect(costPoints(rows, "parameters").map(({ name }) => name)).not.toContain("unpriced");
  expect(costPoints(rows, "macs")).toEqual([]);
});

it("weighs money in the currency that most runs are priced in, and names the runs without", () => {
  const priced = (name: string, amount: number, currency = "EUR") => ({
    ...row(name, 0.8, 1, 1),
    price: { amount, currency },
  });
  const mixed = [priced("a", 2), priced("b", 1), priced("c", 1, "USD"), row("free", 0.7, 1, 1)];
  expect(commonCurrency(mixed)).toBe("EUR");
  const points = costPoints(mixed, "money");
  expect(points.map(({ name, cost }) => [name, cost])).toEqual([
    ["b", 1],
    ["a", 2],
  ]);
  expect(unpricedRows(mixed, points)).toEqual(["c", "free"]);
  expect(commonCurrency([row("free", 0.7, 1, 1)])).toBeNull();
});
