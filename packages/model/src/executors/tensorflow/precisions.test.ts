import { describe, expect, it } from "vitest";
import { precisionsOf } from "./precisions.js";

describe("what a GPU is offered", () => {
  it("from Ampere on: TF32 and bfloat16", () => {
    expect(precisionsOf({ name: "NVIDIA A100", capability: 8 }, true)).toEqual(["fp32", "tf32", "bf16"]);
  });

  it("no TF32 where the library does not let us turn it off again", () => {
    expect(precisionsOf({ name: "NVIDIA H100", capability: 9 }, false)).toEqual(["fp32", "bf16"]);
  });

  it("before Ampere, or where the driver does not say: float32", () => {
    expect(precisionsOf({ name: "Tesla T4", capability: 7.5 }, true)).toEqual(["fp32"]);
    expect(precisionsOf("unknown gpu", true)).toEqual(["fp32"]);
  });
});
