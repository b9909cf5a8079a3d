import { describe, expect, it } from "vitest";
import { fromTorchLayout, layoutVariables, torchShape, toTorchLayout } from "./layout.js";

describe("layout", () => {
  it("puts element [h,w,i,o] of a filter at [o,i,h,w]", () => {
    const filter = { kind: "conv", shape: [2, 3, 4, 5] } as const;
    const data = Float32Array.from({ length: 120 }, (_, i) => i);
    const torch = toTorchLayout(filter, data);
    expect(torchShape(filter)).toEqual([5, 4, 2, 3]);
    const [h, w, i, o] = [1, 2, 3, 4];
    expect(torch[((o * 4 + i) * 2 + h) * 3 + w]).toBe(((h * 3 + w) * 4 + i) * 5 + o);
    expect(fromTorchLayout(filter, torch)).toEqual(data);
  });

  it("transposes linear weights and nothing else", () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(toTorchLayout({ kind: "linear", shape: [2, 3] }, data)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
    expect(toTorchLayout({ kind: "embedding", shape: [1, 2, 3] }, data)).toBe(data);
  });

  it("stores a slot as the weight it belongs to", () => {
    const weight = { name: "fc.weight", shape: [2, 3], kind: "linear", trainable: true } as const;
    const slot = { ...weight, name: "adam_m/fc.weight", kind: "slot", trainable: false } as const;
    expect(layoutVariables([weight, slot]).get("adam_m/fc.weight")?.kind).toBe("linear");
  });
});
