import { describe, expect, it } from "vitest";
import { multiplyAdds, parameterCount } from "../architecture-facts/counts.js";
import { architectureIds } from "../training-config/architecture-id.js";
import { validateTrainingConfig } from "../training-config/validate-training-config.js";
import { datasetSizeClass, datasetSizeLimits } from "./dataset-size.js";
import { guideChoices, guideUses } from "./guide-choices.js";
import { guideClaims } from "./guide-claims.js";
import { guideIssues } from "./guide-issues.js";
import { guideNotes } from "./guide-notes.js";
import { guidePresets } from "./guide-presets.js";
import { guideRecommendation } from "./guide-recommendation.js";

describe("the size of a dataset", () => {
  it.each([
    [1_999, "BELOW_MINIMUM"],
    [2_000, "SMALL"],
    [4_999, "SMALL"],
    [5_000, "MEDIUM"],
    [20_000, "MEDIUM"],
    [20_001, "LARGE"],
    [100_000, "LARGE"],
    [100_001, "VERY_LARGE"],
  ] as const)("%d images are %s for ResNet-101, as the guide says", (images, sizeClass) => {
    expect(datasetSizeClass("resnet101", images)).toBe(sizeClass);
  });

  it.each(architectureIds)("has ascending limits for %s", (architecture) => {
    const { small, medium, large, veryLarge } = datasetSizeLimits(architecture);
    expect([small, medium, large, veryLarge]).toEqual([small, medium, large, veryLarge].sort((a, b) => a - b));
  });
});

describe("the recommendation", () => {
  it.each([
    [3_000, { learningRate: 2e-5, epochs: 10, batchSize: 8, augmentation: "HEAVY", evalEvery: 1 }],
    [10_000, { learningRate: 5e-5, epochs: 5, batchSize: 16, augmentation: "STANDARD", evalEvery: 1 }],
    [50_000, { learningRate: 1e-4, epochs: 3, batchSize: 16, augmentation: "LIGHT", evalEvery: 1 }],
  ])("for ResNet-101 and %d images is the guide's", (images, recommendation) => {
    expect(guideRecommendation("resnet101", images)).toEqual(recommendation);
  });

  it.each(architectureIds)("for %s can be started as it is, whatever the dataset", (architecture) => {
    for (const images of [null, 10, 150, 700, 3_000, 15_000, 60_000, 300_000, 2_000_000]) {
      expect(validateTrainingConfig({ architecture, ...guideRecommendation(architecture, images) })).toEqual([]);
    }
  });
});

describe("the notes", () => {
  it.each(architectureIds)("of %s are complete sentences with and without a dataset", (architecture) => {
    for (const dataset of [null, { images: 1_500, classes: 10 }, { images: 300_000, classes: null }]) {
      const notes = guideNotes(architecture, dataset);
      expect(notes.some((note) => note.source === "GUIDE")).toBe(true);
      expect(notes.some((note) => note.source === "EVIDENCE")).toBe(true);
      for (const { message } of notes) expect(message.text).toMatch(/^[^{}–]+\.$/);
    }
  });

  it("set the guide's claims for ResNet-101 beside what was published", () => {
    const texts = guideNotes("resnet101", { images: 6_000, classes: 20 }).map(
      (note) => `${note.source} ${note.message.text}`,
    );
    expect(texts).toContain("GUIDE Expect 2 to 3 % more accuracy than ResNet-50 on medium datasets.");
    expect(texts.find((text) => text.startsWith("EVIDENCE On GPUs"))).toMatch(/by multiply-adds 1\.9 and 4\.3/);
    expect(texts.find((text) => text.includes("a class."))).toMatch(/Here: 300 a class/);
  });
});

describe("the presets", () => {
  it("are the guide's three use cases, can be started, and follow its rule for augmentation", () => {
    expect(guidePresets.map(({ id }) => id)).toEqual(["birds", "defects", "medical"]);
    for (const { config, images } of guidePresets) {
      expect(validateTrainingConfig(config)).toEqual([]);
      expect(config.augmentation).toBe(guideRecommendation(config.architecture, images).augmentation);
    }
  });
});

it("says for every architecture when to use it, and ResNet-101 against each alternative", () => {
  expect(guideUses.map((use) => use.architecture)).toEqual([...architectureIds]);
  expect(guideChoices.map((choice) => choice.architectures[1])).toEqual([
    "resnet50",
    "vit_base_patch16_224",
    "vit_large_patch16_224",
  ]);
  expect(guideIssues.map((issue) => issue.solutions.length)).toEqual([5, 5, 5, 5]);
});

describe("the guide's claims", () => {
  it("stand each beside its evidence, with a source, and the refuted ones are marked", () => {
    const standings = Object.fromEntries(guideClaims("resnet101").map(({ id, standing }) => [id, standing]));
    expect(standings).toMatchObject({
      ...{ deepest: "REFUTED", inference: "REFUTED", vitImages: "REFUTED", defaults: "REFUTED", gpu: "REFUTED" },
      ...{ size: "CONFIRMED", vitLargeSlower: "CONFIRMED", accuracy: "PARTLY", trainingTime: "PARTLY", cases: "OPEN" },
    });
    for (const architecture of architectureIds) {
      const claims = guideClaims(architecture);
      expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
      for (const { reference } of claims) expect(reference).not.toBe("");
    }
  });

  it("become two notes of one subject, of which only the guide's carries the standing and only the evidence the source", () => {
    const notes = guideNotes("resnet101", null).filter(({ claim }) => claim === "inference");
    expect(notes.map(({ source, standing, reference }) => [source, standing, reference !== null])).toEqual([
      ["GUIDE", "REFUTED", false],
      ["EVIDENCE", null, true],
    ]);
  });

  it("keep the card's own arithmetic: 44,549,160 parameters and 7.8 billion multiply-adds", () => {
    expect(parameterCount("resnet101", 1000)).toBe(44_549_160);
    expect(Math.round(multiplyAdds("resnet101", 1000) / 1e8) / 10).toBe(7.8);
  });
});
