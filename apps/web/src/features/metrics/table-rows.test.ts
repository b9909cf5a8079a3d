import { expect, it } from "vitest";
import type { ChartLine } from "./chart-lines";
import { tableRows } from "./table-rows";

function line(steps: number[], values: number[]): ChartLine {
  const columns = { steps: Float64Array.from(steps), x: Float64Array.from(steps), y: Float64Array.from(values) };
  return {
    run: { id: "a", name: "a", color: "" },
    key: "k",
    split: null,
    style: "solid",
    ...columns,
    raw: null,
    low: null,
    high: null,
    marks: [],
  };
}

it("puts lines with different steps into one table, with a hole where a line has no point", () => {
  const { rows, total } = tableRows([line([1, 2, 3], [10, 20, 30]), line([2, 4], [200, 400])], 10);
  expect(total).toBe(4);
  expect(rows).toEqual([
    { step: 1, values: [10, null] },
    { step: 2, values: [20, 200] },
    { step: 3, values: [30, null] },
    { step: 4, values: [null, 400] },
  ]);
});

it("keeps the newest rows where there are too many", () => {
  const { rows, total } = tableRows([line([1, 2, 3], [10, 20, 30])], 2);
  expect(total).toBe(3);
  expect(rows.map(({ step }) => step)).toEqual([2, 3]);
});
