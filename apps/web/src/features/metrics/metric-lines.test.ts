import { expect, it } from "vitest";
import { linesOf, unitOf } from "./metric-lines";

it("draws train solid, val dashed, and the running metric faintly while there are few runs", () => {
  expect(linesOf("loss", 1)).toEqual([
    { key: "train/loss", style: "solid", role: { metric: "loss", split: "train" } },
    { key: "val/loss", style: "dashed", role: { metric: "loss", split: "val" } },
    { key: "train/running_loss", style: "faint" },
  ]);
  expect(linesOf("loss", 20)).toHaveLength(2);
  expect(linesOf("test/f1", 1)).toEqual([{ key: "test/f1", style: "dotted" }]);
});

it("knows shares and bytes by their key", () => {
  expect(["accuracy", "val/accuracy", "train/running_accuracy", "val/f1", "val_acc"].map(unitOf)).toEqual(
    Array(5).fill("share"),
  );
  expect(["system/memory_bytes", "val/loss", "val/accuracy_std"].map(unitOf)).toEqual(["bytes", "number", "number"]);
});
