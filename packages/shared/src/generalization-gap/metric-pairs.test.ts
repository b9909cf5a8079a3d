import { expect, it } from "vitest";
import { areInPercent, findCurveKeys, findGapPairs, measureOf, pairedKeys } from "./metric-pairs.js";

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

it.each([
  ["an error rate", ["train/error", "val/error"], "val/error", "ERROR"],
  ["fastai's error rate", ["train_error_rate", "valid_error_rate"], "valid_error_rate", "ERROR"],
  ["F1", ["f1", "val_f1"], "val_f1", "SCORE"],
  [
    "an accuracy before F1 and an error rate",
    ["f1", "val_f1", "err", "val_err", "acc", "val_acc"],
    "val_acc",
    "ACCURACY",
  ],
] as const)("takes %s for what it is, and draws only accuracies as accuracy", (_, keys, val, measure) => {
  const logged = new Set<string>(keys);
  const pairs = findGapPairs(logged);
  expect(pairs.accuracy?.val).toBe(val);
  expect(measureOf(pairs.accuracy!)).toBe(measure);
  expect(findCurveKeys(logged, pairs).accuracy.val).toBe(measure === "ACCURACY" ? val : null);
});

it.each([
  ["holdout/top1-err", "ERROR"],
  ["val/errors_fixed_accuracy", "ACCURACY"],
  ["val/terrain_accuracy", "ACCURACY"],
  ["my/macro_F1", "SCORE"],
])("knows the measure of a key that somebody chose: %s", (val, measure) => {
  expect(measureOf({ train: "x", val })).toBe(measure);
});

it("never pairs a key with itself, and knows every key that it could pair", () => {
  const all = findGapPairs(new Set(pairedKeys));
  expect(all.accuracy).toEqual({ train: "train/accuracy", val: "val/accuracy" });
  expect(new Set(pairedKeys).size).toBe(pairedKeys.length);
});

it.each([
  [
    "Residual",
    ["train/accuracy", "val/accuracy", "train/loss", "val/loss"],
    ["train/accuracy", "val/accuracy"],
    ["train/loss", "val/loss"],
  ],
  ["Keras", ["accuracy", "val_accuracy", "loss", "val_loss"], ["accuracy", "val_accuracy"], ["loss", "val_loss"]],
  [
    "the Trainer of Hugging Face",
    ["loss", "eval_loss", "eval_accuracy"],
    [null, "eval_accuracy"],
    ["loss", "eval_loss"],
  ],
  [
    "the same with slashes",
    ["train/loss", "eval/loss", "eval/accuracy"],
    [null, "eval/accuracy"],
    ["train/loss", "eval/loss"],
  ],
  ["a loop without val", ["acc", "loss"], ["acc", null], ["loss", null]],
  ["other metrics", ["reward"], [null, null], [null, null]],
])("finds the curves of %s, a half where the other was not logged", (_, keys, accuracy, loss) => {
  const logged = new Set(keys);
  const curves = findCurveKeys(logged, findGapPairs(logged));
  expect([curves.accuracy.train, curves.accuracy.val]).toEqual(accuracy);
  expect([curves.loss.train, curves.loss.val]).toEqual(loss);
});

it("draws the pairs that were chosen for a run, whatever they are called", () => {
  const accuracy = { train: "fit", val: "check" };
  expect(findCurveKeys(new Set(["fit", "check", "loss"]), { accuracy, loss: null })).toEqual({
    accuracy,
    loss: { train: "loss", val: null },
  });
});

it("takes accuracies for percent when one is above 1 and none above 100", () => {
  expect([0.3, 1, 1 + 1e-9, 1.2, 97, 100, 101, Number.NaN].map(areInPercent)).toEqual([
    ...[false, false, false, true],
    ...[true, true, false, false],
  ]);
});
