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
  expect(cloneConfig(config)).toMatchObject({ architecture: "resnet18", batchSize: 32, freezeBatchNorm: true });
  expect(cloneConfig(config)).not.toHaveProperty("dropout");
});

it("begins with random weights where the run did, also before that was a choice", () => {
  const old = { architecture: "resnet18", batchSize: 32 };
  expect(cloneConfig(old).initialWeights).toBe("RANDOM");
  expect(cloneConfig({ ...old, initialWeights: "AUTO" }).initialWeights).toBe("AUTO");
});

it("takes nothing from a config that is none", () => {
  expect([null, undefined, 3, "x"].map(cloneConfig)).toEqual([{}, {}, {}, {}]);
});
