import { expect, it } from "vitest";
import { metricCsv } from "./metric-csv";
import type { SeriesPart } from "./series-buffer";

const time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function part(values: number[], exact = true): SeriesPart {
  const steps = Float64Array.from(values, (_, i) => i);
  const times = new Float64Array(values.length).fill(time);
  const columns = { steps, times, values: Float64Array.from(values) };
  return { run: "run_1", key: "val/loss", count: values.length, exact, columns };
}

it("writes every number so that reading it gives the same bits, and names what is not finite", () => {
  const csv = metricCsv(
    [part([0.1 + 0.2, Number.NaN, Number.NEGATIVE_INFINITY])],
    [{ id: "run_1", name: "a", color: "" }],
  );
  expect(csv.split("\r\n")).toEqual([
    "run_id,run,key,step,time,value",
    "run_1,a,val/loss,0,2026-01-02T03:04:05.678Z,0.30000000000000004",
    "run_1,a,val/loss,1,2026-01-02T03:04:05.678Z,NaN",
    "run_1,a,val/loss,2,2026-01-02T03:04:05.678Z,-Infinity",
    "",
  ]);
});

it("adds the extremes where points were thinned", () => {
  const thinned = part([5], false);
  thinned.columns.min = Float64Array.of(1);
  thinned.columns.max = Float64Array.of(9);
  expect(metricCsv([thinned], []).split("\r\n")[1]).toMatch(/,5,1,9$/);
});

it("lets no run name break a row or run as a formula", () => {
  const csv = metricCsv([part([1])], [{ id: "run_1", name: '=cmd("x"),\n2', color: "" }]);
  expect(csv).toContain(`run_1,"'=cmd(""x""),\n2",val/loss`);
});
