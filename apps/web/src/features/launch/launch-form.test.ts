import { describe, expect, it } from "vitest";
import {
  launchConfig,
  launchProblems,
  settingsOf,
  typedNumber,
  typedSeeds,
  usualValue,
} from "@/features/launch/launch-form";

const recommended = { batchSize: 8, epochs: 5, learningRate: 1e-4, evalEvery: 1, augmentation: "LIGHT" } as const;

describe("what is typed into the launch form", () => {
  it("takes numbers with a point, a comma or an exponent, and tells empty from wrong", () => {
    expect(typedNumber("0,5")).toBe(0.5);
    expect(typedNumber(" 5e-5 ")).toBe(5e-5);
    expect(typedNumber("")).toBeNull();
    expect(typedNumber("many")).toBeNaN();
  });

  it("takes seeds as a list or a range, each once, at most twenty", () => {
    expect(typedSeeds("0, 1 2")).toEqual([0, 1, 2]);
    expect(typedSeeds("3-5, 4")).toEqual([3, 4, 5]);
    expect(typedSeeds("")).toBeNull();
    expect(typedSeeds("one")).toBeNull();
    expect(typedSeeds("0-20")).toBeNull();
    expect(typedSeeds("5-3")).toBeNull();
  });
});

describe("the configs of a sweep", () => {
  it("follow the recommendation until somebody changes a field", () => {
    const untouched = launchConfig("resnet18", { numbers: {} }, recommended, 64);
    expect(untouched).toMatchObject({
      architecture: "resnet18",
      batchSize: 8,
      epochs: 5,
      imageSize: 64,
      augmentation: "LIGHT",
    });
    const changed = launchConfig("resnet18", { numbers: { epochs: "7" }, augmentation: "NONE" }, recommended, 64);
    expect(changed).toMatchObject({ batchSize: 8, epochs: 7, augmentation: "NONE" });
  });

  it("name the range and the reason for a setting out of range, once a field", () => {
    const settings = { numbers: { epochs: "500", imageSize: "50" } };
    const configs = [
      launchConfig("resnet50", settings, recommended, 64),
      launchConfig("resnet101", settings, recommended, 64),
    ];
    const problems = launchProblems(configs);
    expect([...problems.keys()]).toEqual(["epochs", "imageSize"]);
    expect(problems.get("epochs")).toMatchObject({ min: 1, max: 30 });
  });

  it("come back unchanged from the settings of a cloned run, every field of them", () => {
    const config = launchConfig(
      "resnet18",
      {
        numbers: { learningRate: "3e-4", microBatches: "2", mixup: "0.2", earlyStopping: "5", emaDecay: "0.999" },
        ...{ optimizer: "SGD", schedule: "STEP", freeze: "GRADUAL", classWeighting: "BALANCED", precision: "BF16" },
        ...{ freezeBatchNorm: true, gradientCheckpointing: false, beyondGuide: true },
        ...{ evalUnit: "STEP", initialWeights: " timm/resnet18.a1_in1k " },
      },
      recommended,
      32,
    );
    expect(config).toMatchObject({ evalEvery: 100, initialWeights: "timm/resnet18.a1_in1k" });
    const again = launchConfig("resnet18", settingsOf(config), { ...recommended, epochs: 1, batchSize: 2 }, 224);
    expect(again).toEqual(config);
  });

  it("may leave the guide's ranges when somebody says so", () => {
    const settings = { numbers: { epochs: "500" } };
    expect(launchProblems([launchConfig("resnet50", settings, recommended, 64)]).size).toBe(1);
    const wide = launchConfig("resnet50", { ...settings, beyondGuide: true }, recommended, 64);
    expect(launchProblems([wide]).size).toBe(0);
  });
});

describe("what a setting is when nobody touches it", () => {
  it("is the recommendation, or the default, which follows the other settings", () => {
    const settings = { numbers: { weightDecay: "0.5" }, optimizer: "SGD", augmentation: "HEAVY" } as const;
    expect(usualValue("augmentation", "resnet18", settings, recommended, 64)).toBe("LIGHT");
    expect(usualValue("weightDecay", "resnet18", settings, recommended, 64)).toBe(1e-4);
    expect(usualValue("headLearningRateFactor", "resnet18", settings, recommended, 64)).toBe(10);
    const random = { ...settings, initialWeights: "RANDOM" };
    expect(usualValue("headLearningRateFactor", "resnet18", random, recommended, 64)).toBe(1);
  });
});
