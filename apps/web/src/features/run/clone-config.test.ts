import { expect, it } from "vitest";
import { cloneConfig } from "./clone-config";

it("takes over what the launch form understands, and nothing of another kind", () => {
  const config = {
    architecture: "resnet18",
    batchSize: 32,
    freezeBatchNorm: true,
    weightDecay: null,
    epochs: "ten",
    dropout: 0.1,
  };
  expect(cloneConfig(config)).toEqual({ architecture: "resnet18", batchSize: 32, freezeBatchNorm: true });
});

it("takes nothing from a config that is none", () => {
  expect([null, undefined, 3, "x"].map(cloneConfig)).toEqual([{}, {}, {}, {}]);
});
