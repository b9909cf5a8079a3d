import { describe, expect, it } from "vitest";
import { type Brushes, brushedRuns, moveBrush, parallelAxis, readBrushes, writeBrush } from "./parallel-axes";

const rate = parallelAxis("learningRate", [1e-4, 1e-2, 1e-3, null]);
const network = parallelAxis("architecture", ["resnet50", "resnet18", "resnet50", "vit"]);

describe("an axis", () => {
  it("is logarithmic for learning rates, linear for epochs, in order for names", () => {
    expect(rate.places.map((place) => place && Math.round(place * 100) / 100)).toEqual([0, 1, 0.5, null]);
    expect(parallelAxis("epochs", [2, 4, 8]).places).toEqual([0, 1 / 3, 1]);
    expect(network.places).toEqual([0.5, 0, 0.5, 1]);
    expect(network.stops.map(({ value }) => value)).toEqual(["resnet18", "resnet50", "vit"]);
  });

  it("stands a single value, none at all, and numbers mixed with words", () => {
    expect(parallelAxis("a", [3, 3]).places).toEqual([0.5, 0.5]);
    expect(parallelAxis("a", [null, undefined]).stops).toEqual([]);
    expect(parallelAxis("a", [1, "auto", Number.NaN]).places).toEqual([0, 1, 0.5]);
  });
});

describe("brushes", () => {
  const axes = [rate, network];
  const within = (brushes: Brushes) => brushedRuns(axes, brushes, 4);

  it("leave the runs that lie within all of them; a run without a value lies in none", () => {
    expect(within(new Map())).toEqual([true, true, true, true]);
    expect(within(new Map([["learningRate", { from: 1, to: 2 }]]))).toEqual([false, true, true, false]);
    const both = new Map([
      ["learningRate", { from: 0, to: 1 }],
      ["architecture", { from: 1, to: 1 }],
    ]);
    expect(within(both)).toEqual([true, false, true, false]);
  });

  it("are moved by keys from value to value, and never past each other or the axis", () => {
    const whole = { from: 0, to: 2 };
    expect(moveBrush("ArrowUp", "from", whole, 3)).toEqual({ from: 1, to: 2 });
    expect(moveBrush("ArrowDown", "to", whole, 3)).toEqual({ from: 0, to: 1 });
    expect(moveBrush("ArrowDown", "from", whole, 3)).toEqual(whole);
    expect(moveBrush("End", "from", { from: 0, to: 1 }, 3)).toEqual({ from: 1, to: 1 });
    expect(moveBrush("Home", "to", { from: 1, to: 2 }, 3)).toEqual({ from: 1, to: 1 });
    expect(moveBrush("Tab", "to", whole, 3)).toBeNull();
  });

  it("live in the address, and what is none of these axes there does no harm", () => {
    const brush = { from: 1, to: 2 };
    expect(readBrushes([writeBrush(rate, brush)!], axes)).toEqual(new Map([["learningRate", brush]]));
    expect(writeBrush(rate, { from: 0, to: 2 })).toBeNull();
    for (const text of ["", "learningRate~2~1", "learningRate~0~9", "gone~0~1", "learningRate~x~y"])
      expect(readBrushes([text], axes).size, text).toBe(0);
  });
});
