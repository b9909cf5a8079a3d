import { describe, expect, it } from "vitest";
import { SceneBuilder, type SceneSetup } from "./chart-scene";
import { defaultChartView } from "./chart-view";
import { linesOf } from "./metric-lines";
import type { SeriesPart } from "./series-buffer";
import { type HistoryRequest, type MetricDelivery, SeriesStore } from "./series-store";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A run of 1,000 logged losses, of which the source gives at most `maxPoints`, by taking every n-th. */
function storedRun() {
  const requests: HistoryRequest[] = [];
  let deliver: (delivery: MetricDelivery) => void = () => {};
  const store = new SeriesStore({
    async history(request) {
      requests.push(request);
      const { from = 0, to = 999 } = request;
      const count = to - from + 1;
      const stride = request.maxPoints < 1000 || count > 500 ? 10 : 1;
      const steps = Float64Array.from({ length: Math.ceil(count / stride) }, (_, i) =>
        Math.min(to, from + (i + 1) * stride - 1),
      );
      return request.keys.map(
        (key): SeriesPart => ({
          run: "run_a",
          key,
          count,
          exact: stride === 1,
          columns: { steps, times: steps, values: steps.map((step) => 1 / (1 + step)) },
        }),
      );
    },
    standing: async () => "now",
    follow(_request, sink) {
      deliver = sink;
      return () => {};
    },
  });
  return { store, requests, deliver: (delivery: MetricDelivery) => deliver(delivery) };
}

function setup(change: Partial<SceneSetup["view"]> = {}): SceneSetup {
  return {
    runs: [{ id: "run_a", name: "a", color: "red" }],
    lines: linesOf("loss", 1).slice(0, 2),
    view: { ...defaultChartView, ...change },
    stepsPerEpoch: new Map(),
  };
}

describe("a zoom into thinned points", () => {
  it("asks for the range once and shows its exact points", async () => {
    const { store, requests } = storedRun();
    const builder = new SceneBuilder(store, () => {});
    store.hold(["run_a"], ["train/loss", "val/loss"]);
    await settle();
    builder.configure(setup({ zoom: [100, 200] }));
    const coarse = builder.build();
    builder.build();
    await settle();
    const fine = builder.build();
    expect(requests).toHaveLength(2);
    expect(requests[1]).toMatchObject({ from: 99, to: 209 });
    expect(coarse.lines[0]!.low).not.toBeNull();
    expect(fine.lines[0]!.low).toBeNull();
    expect(fine.lines[0]!.steps).toHaveLength(111);
    expect(fine.x).toEqual([100, 200]);
  });

  it("goes on living at the newest end", async () => {
    const { store, deliver } = storedRun();
    const builder = new SceneBuilder(store, () => {});
    store.hold(["run_a"], ["train/loss", "val/loss"]);
    await settle();
    builder.configure(setup({ zoom: [900, 1100] }));
    builder.build();
    await settle();
    const steps = Float64Array.of(1000, 1001);
    const part = {
      run: "run_a",
      key: "val/loss",
      count: 2,
      exact: true,
      columns: { steps, times: steps, values: steps },
    };
    deliver({ run: "run_a", cursor: "c", series: [part], replayed: true, supersededAfter: null });
    const val = builder.build().lines.find(({ key }) => key === "val/loss")!;
    expect(Array.from(val.steps.slice(-3))).toEqual([999, 1000, 1001]);
  });
});

describe("the gap", () => {
  it("is tinted for a single run and for no more", async () => {
    const { store } = storedRun();
    const builder = new SceneBuilder(store, () => {});
    store.hold(["run_a"], ["train/loss", "val/loss"]);
    await settle();
    builder.configure(setup());
    expect(builder.build().gap?.val.key).toBe("val/loss");
    builder.configure({ ...setup(), runs: [...setup().runs, { id: "run_b", name: "b", color: "blue" }] });
    expect(builder.build().gap).toBeNull();
  });
});

it("has a sound range before the first point, and room around a single one", async () => {
  const { store } = storedRun();
  const builder = new SceneBuilder(store, () => {});
  expect(builder.build()).toMatchObject({ lines: [], x: [0, 1], y: [0, 1] });
  builder.configure(setup({ log: true }));
  expect(builder.build().y).toEqual([0.1, 1]);
});
