import { expect, it } from "vitest";
import type { ChartRun } from "./chart-lines";
import { linesOf } from "./metric-lines";
import { factorOf, keyOf, keysOf } from "./run-keys";

const none = { train: null, val: null };
const run = (curves: ChartRun["curves"]): ChartRun => ({ id: "run_a", name: "a", color: "red", curves });
const own = run({
  accuracy: { train: "train/accuracy", val: "val/accuracy" },
  loss: { train: "train/loss", val: "val/loss" },
  accuracyInPercent: false,
});
const keras = run({
  accuracy: { train: "accuracy", val: "val_accuracy" },
  loss: { train: "loss", val: "val_loss" },
  accuracyInPercent: true,
});

it("draws a Keras run and one of Residual's on the same chart, each by its own keys", () => {
  const lines = linesOf("loss", 2);
  expect(lines.map((line) => keyOf(keras, line))).toEqual(["loss", "val_loss", "train/running_loss"]);
  expect(keysOf([own, keras], lines)).toEqual(["train/loss", "val/loss", "train/running_loss", "loss", "val_loss"]);
});

it("looks for Residual's keys while a run has logged nothing, so that its first points appear", () => {
  const [train, val] = linesOf("accuracy", 1);
  for (const unknown of [run(undefined), run({ accuracy: none, loss: none, accuracyInPercent: false })])
    expect([keyOf(unknown, train!), keyOf(unknown, val!)]).toEqual(["train/accuracy", "val/accuracy"]);
});

it("makes shares of accuracies that were logged in percent, and of nothing else", () => {
  expect(["accuracy", "val_accuracy", "loss", "val_loss", "lr"].map((key) => factorOf(keras, key))).toEqual([
    0.01, 0.01, 1, 1, 1,
  ]);
  expect(factorOf(own, "val/accuracy")).toBe(1);
});
