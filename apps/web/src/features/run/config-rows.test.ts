import { expect, it } from "vitest";
import { configRows } from "./config-rows";

it("lists nested fields by their path, in order", () => {
  expect(configRows({ seed: 1, optimizer: { name: "SGD", momentum: 0.9 }, sizes: [32, 64] })).toEqual([
    { field: "optimizer.momentum", value: "0.9", isDifferent: false },
    { field: "optimizer.name", value: "SGD", isDifferent: false },
    { field: "seed", value: "1", isDifferent: false },
    { field: "sizes", value: "[32,64]", isDifferent: false },
  ]);
});

it("says what differs from another run, also where only one has the field", () => {
  const rows = configRows({ epochs: 5, seed: 0 }, { epochs: 5, seed: 1, augmentation: "HEAVY" });
  expect(rows.filter(({ isDifferent }) => isDifferent)).toEqual([
    { field: "augmentation", value: null, other: "HEAVY", isDifferent: true },
    { field: "seed", value: "0", other: "1", isDifferent: true },
  ]);
});

it("has no rows for a config that is none", () => {
  expect(configRows(null)).toEqual([]);
});
