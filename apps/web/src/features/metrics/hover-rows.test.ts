import { expect, it } from "vitest";
import type { ChartLine } from "./chart-lines";
import { hoverRows } from "./hover-rows";

function line(name: string, x: number[], y: number[]): ChartLine {
  const columns = { steps: Float64Array.from(x), x: Float64Array.from(x), y: Float64Array.from(y) };
  return {
    run: { id: name, name, color: "red" },
    key: "val/loss",
    split: null,
    style: "dashed",
    ...columns,
    raw: null,
    low: null,
    high: null,
    marks: [],
  };
}

it("lists the runs by their value at the crosshair, those that are no number last", () => {
  const lines = [line("low", [0, 10], [1, 2]), line("high", [0, 10], [5, 9]), line("broken", [0, 10], [1, Number.NaN])];
  expect(hoverRows(lines, 9, 1).map(({ run, value }) => [run.name, value])).toEqual([
    ["high", 9],
    ["low", 2],
    ["broken", Number.NaN],
  ]);
});

it("says nothing of a run that has not come so far or begins later", () => {
  const lines = [line("short", [0, 10], [1, 2]), line("late", [50, 60], [3, 4])];
  expect(hoverRows(lines, 30, 2)).toEqual([]);
  expect(hoverRows(lines, 11, 2).map(({ run }) => run.name)).toEqual(["short"]);
});
