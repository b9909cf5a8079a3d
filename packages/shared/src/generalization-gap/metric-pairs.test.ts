import { expect, it } from "vitest";
import { findGapPairs, pairedKeys } from "./metric-pairs.js";

it.each([
  ["Residual and Lightning", ["train/accuracy", "val/accuracy", "train/loss", "val/loss"], "val/accuracy", "val/loss"],
  ["Keras", ["accuracy", "val_accuracy", "loss", "val_loss", "lr"], "val_accuracy", "val_loss"],
  ["short names", ["acc", "val_acc"], "val_acc", undefined],
  ["the Trainer of Hugging Face", ["loss", "eval_loss", "eval_accuracy"], undefined, "eval_loss"],
  ["one half only", ["train/accuracy", "train/loss"], undefined, undefined],
])("pairs the keys of %s", (_, keys, accuracy, loss) => {
  const pairs = findGapPairs(new Set(keys));
  expect(pairs.accuracy?.val).toBe(accuracy);
  expect(pairs.loss?.val).toBe(loss);
});

it("never pairs a key with itself, and knows every key that it could pair", () => {
  const all = findGapPairs(new Set(pairedKeys));
  expect(all.accuracy).toEqual({ train: "train/accuracy", val: "val/accuracy" });
  expect(new Set(pairedKeys).size).toBe(pairedKeys.length);
});
