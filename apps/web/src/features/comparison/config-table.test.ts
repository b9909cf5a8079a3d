import { expect, it } from "vitest";
import { allLines, differenceLines, valueCounts } from "./config-table";

const columns = [
  { run: "run_a", name: "a" },
  { run: "run_b", name: "b" },
];

it("puts each value under its run, also where a run lacks the field", () => {
  const differences = [{ field: "seed", values: [{ run: "run_b", value: 3 }] }];
  expect(differenceLines(differences, columns)).toEqual([{ field: "seed", values: [null, "3"], isDifferent: true }]);
});

it("lists all settings and says which differ", () => {
  const configs = new Map<string, unknown>([
    ["run_a", { epochs: 5, optimizer: { name: "SGD" } }],
    ["run_b", { epochs: 5, optimizer: { name: "ADAMW" } }],
  ]);
  expect(allLines(configs, columns)).toEqual([
    { field: "epochs", values: ["5", "5"], isDifferent: false },
    { field: "optimizer.name", values: ["SGD", "ADAMW"], isDifferent: true },
  ]);
});

it("counts values where there are too many runs for columns", () => {
  expect(valueCounts(["1", "2", "2", null])).toEqual([
    { value: "2", runs: 2 },
    { value: "1", runs: 1 },
    { value: null, runs: 1 },
  ]);
});
