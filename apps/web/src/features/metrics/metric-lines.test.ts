import { expect, it } from "vitest";
import { gapPair, linesOf, unitOf } from "./metric-lines";

it("draws train solid, val dashed, and the running metric faintly while there are few runs", () => {
  expect(linesOf("loss", 1)).toEqual([
    { key: "train/loss", style: "solid" },
    { key: "val/loss", style: "dashed" },
    { key: "train/running_loss", style: "faint" },
  ]);
  expect(linesOf("loss", 20)).toHaveLength(2);
  expect(linesOf("test/f1", 1)).toEqual([{ key: "test/f1", style: "dotted" }]);
});

it("draws the keys that a script of another trainer gave the two splits", () => {
  expect(linesOf("accuracy", 1, { train: "accuracy", val: "val_accuracy" })).toEqual([
    { key: "accuracy", style: "solid" },
    { key: "val_accuracy", style: "dashed" },
  ]);
});

it("tints a gap only between the splits of one quantity", () => {
  expect(gapPair("accuracy")).toEqual({ train: "train/accuracy", val: "val/accuracy" });
  expect(gapPair("throughput")).toBeNull();
  expect(gapPair("val/loss")).toBeNull();
});

it("knows shares and bytes by their key", () => {
  expect(["accuracy", "val/accuracy", "train/running_accuracy", "val/f1"].map(unitOf)).toEqual(Array(4).fill("share"));
  expect(["system/memory_bytes", "val/loss", "val/accuracy_std"].map(unitOf)).toEqual(["bytes", "number", "number"]);
});
