import { expect, it } from "vitest";
import { metricGroups } from "./metric-groups";

const keys = ["val/loss", "mine", "system/memory_bytes", "custom/x", "train/loss", "train/accuracy", "val/accuracy"];

it("groups by split: train, val, test, system, then what a script made up, then keys without one", () => {
  expect(metricGroups(keys, "")).toEqual([
    { split: "train", keys: ["train/accuracy", "train/loss"] },
    { split: "val", keys: ["val/accuracy", "val/loss"] },
    { split: "system", keys: ["system/memory_bytes"] },
    { split: "custom", keys: ["custom/x"] },
    { split: null, keys: ["mine"] },
  ]);
});

it("finds by all words of a search", () => {
  expect(metricGroups(keys, "Val LOSS")).toEqual([{ split: "val", keys: ["val/loss"] }]);
  expect(metricGroups(keys, "nothing")).toEqual([]);
});
