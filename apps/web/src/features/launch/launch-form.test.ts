import { describe, expect, it } from "vitest";
import { launchConfig, launchProblems, settingsOf, typedNumber, typedSeeds } from "@/features/launch/launch-form";

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

  it("come back unchanged from the settings of a cloned run", () => {
    const config = launchConfig(
      "resnet18",
      { numbers: { learningRate: "3e-4" }, freezeBatchNorm: true },
      recommended,
      32,
    );
    const again = launchConfig("resnet18", settingsOf(config), { ...recommended, epochs: 1, batchSize: 2 }, 224);
    expect(again).toEqual(config);
  });
});
