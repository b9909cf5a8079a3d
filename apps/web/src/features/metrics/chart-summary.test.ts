import { expect, it } from "vitest";
import type { ChartLine } from "./chart-lines";
import { summarizeScene } from "./chart-summary";

function line(name: string, key: string, values: number[]): ChartLine {
  const x = Float64Array.from(values, (_, i) => (i + 1) * 10);
  const run = { id: name, name, color: "red" };
  return {
    run,
    key,
    split: null,
    style: "solid",
    steps: x,
    x,
    y: Float64Array.from(values),
    raw: null,
    low: null,
    high: null,
    marks: [],
  };
}

const scene = (lines: ChartLine[], gap: { train: ChartLine; val: ChartLine } | null = null) => ({
  lines,
  gap,
  x: [0, 1] as [number, number],
  y: [0, 1] as [number, number],
});

it("says a single run's pair of splits, at the last evaluation", () => {
  const train = line("a", "train/loss", [1, 0.4]);
  const val = line("a", "val/loss", [1, 0.6]);
  expect(summarizeScene(scene([train, val], { train, val }))).toEqual({
    key: "pair",
    run: "a",
    step: 20,
    train: 0.4,
    val: 0.6,
  });
});

it("says the spread of many runs on the validation split", () => {
  const lines = [
    line("a", "train/loss", [0]),
    line("a", "val/loss", [3]),
    line("b", "val/loss", [1]),
    line("c", "val/loss", [2]),
  ];
  expect(summarizeScene(scene(lines))).toEqual({
    key: "many",
    count: 3,
    metric: "val/loss",
    low: 1,
    lowRun: "b",
    high: 3,
    highRun: "a",
  });
});

it("says that there is nothing", () => {
  expect(summarizeScene(scene([])).key).toBe("none");
});
