import { describe, expect, it } from "vitest";
import { type ChartView, chartViewParams, defaultChartView, readChartView } from "./chart-view";

const read = (text: string) => readChartView(new URLSearchParams(text));

/** What a page reads back after a change was written to its address. */
function roundTrip(text: string, change: Partial<ChartView>): ChartView {
  const query = new URLSearchParams(text);
  for (const [name, value] of Object.entries(chartViewParams(read(text), change))) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return readChartView(query);
}

describe("a chart's view lives in the URL", () => {
  it("and comes back as it was written", () => {
    const view: ChartView = { axis: "time", smoothing: 0.6, log: true, zoom: [0.125, 12.5], table: true };
    expect(roundTrip("", view)).toEqual(view);
  });

  it("with no trace of defaults", () => {
    const params = chartViewParams(read("x=time&smooth=0.5&log=1&zoom=1~2&table=1"), defaultChartView);
    expect(Object.values(params).every((value) => value === null)).toBe(true);
  });

  it("where nonsense means the default", () => {
    expect(read("x=kilometres&smooth=-3&log=yes&zoom=5~1")).toEqual(defaultChartView);
    expect(read("smooth=Infinity&zoom=1~NaN")).toEqual({ ...defaultChartView, smoothing: 0.99 });
    expect(read("zoom=~").zoom).toBeNull();
  });

  it("and a zoom ends with the axis it was made on", () => {
    expect(roundTrip("zoom=1~2", { axis: "epoch" }).zoom).toBeNull();
    expect(roundTrip("zoom=1~2", { smoothing: 0.3 }).zoom).toEqual([1, 2]);
  });
});
