import type { Message } from "../message/message.js";
import type { TrainingConfig } from "../training-config/training-config.js";
import { sayPreset } from "./preset-messages.js";

/** One of the guide's use cases: a setting to start from. expectedAccuracy: the guide's expectation in percent. */
export type GuidePreset = {
  id: string;
  name: Message;
  scenario: Message;
  why: Message;
  expected: Message;
  config: Pick<TrainingConfig, "architecture" | "batchSize" | "epochs" | "learningRate" | "evalEvery" | "augmentation">;
  images: number;
  classes: number;
  expectedAccuracy: { low: number; high: number };
};

const expect = (low: number, high: number) => ({
  expected: sayPreset("guide.preset.expected", { low, high }),
  expectedAccuracy: { low, high },
});

// The guide gives batch size, epochs and learning rate; augmentation follows its rule for the dataset's size.
export const guidePresets: GuidePreset[] = [
  {
    id: "birds",
    name: sayPreset("guide.preset.birds.name", {}),
    scenario: sayPreset("guide.preset.birds.scenario", { classes: 200 }),
    why: sayPreset("guide.preset.birds.why", {}),
    ...expect(78, 84),
    config: {
      architecture: "resnet101",
      batchSize: 12,
      epochs: 10,
      learningRate: 5e-5,
      evalEvery: 1,
      augmentation: "LIGHT",
    },
    images: 30_000,
    classes: 200,
  },
  {
    id: "defects",
    name: sayPreset("guide.preset.defects.name", {}),
    scenario: sayPreset("guide.preset.defects.scenario", { classes: 15 }),
    why: sayPreset("guide.preset.defects.why", {}),
    ...expect(88, 93),
    config: {
      architecture: "resnet101",
      batchSize: 8,
      epochs: 12,
      learningRate: 3e-5,
      evalEvery: 1,
      augmentation: "STANDARD",
    },
    images: 10_000,
    classes: 15,
  },
  {
    id: "medical",
    name: sayPreset("guide.preset.medical.name", {}),
    scenario: sayPreset("guide.preset.medical.scenario", { classes: 10 }),
    why: sayPreset("guide.preset.medical.why", {}),
    ...expect(89, 94),
    config: {
      architecture: "resnet101",
      batchSize: 8,
      epochs: 8,
      learningRate: 5e-5,
      evalEvery: 1,
      augmentation: "STANDARD",
    },
    images: 15_000,
    classes: 10,
  },
];
