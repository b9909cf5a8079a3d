const sgd = { kind: "sgd", momentum: 0.9, weightDecay: 1e-4, decayOnMatricesOnly: true };
const adamw = { kind: "adamw", weightDecay: 0.05, decayOnMatricesOnly: true };
const resnet = { optimizer: sgd, learningRate: 0.01 };
/** The guide's defaults for fine-tuning a ResNet. */
const guide = { optimizer: { ...adamw, weightDecay: 0.01 }, learningRate: 5e-5 };
const vit = { optimizer: adamw, learningRate: 1e-4 };

/** What is compared. `floor` is the smallest ratio to PyTorch that the project accepts; steps are those of one turn. */
export const cases = [
  { mode: "train", id: "resnet18", imageSize: 64, batchSize: 32, steps: 6, floor: 0.95, ...resnet },
  { mode: "train", id: "resnet50", imageSize: 224, batchSize: 8, steps: 3, floor: 0.95, ...resnet },
  { mode: "train", id: "resnet101", imageSize: 224, batchSize: 4, steps: 3, floor: 0.95, ...resnet },
  { mode: "train", id: "vit_base_patch16_224", imageSize: 224, batchSize: 4, steps: 3, floor: 0.95, ...vit },
  { mode: "infer", id: "resnet101", imageSize: 224, batchSize: 32, steps: 2, floor: 1.2, ...resnet },
  { mode: "infer", id: "vit_base_patch16_224", imageSize: 224, batchSize: 32, steps: 2, floor: 1.2, ...vit },
  { mode: "curve", id: "resnet18", imageSize: 64, batchSize: 32, steps: 50, ...resnet },
  { mode: "curve", id: "resnet18", imageSize: 64, batchSize: 32, steps: 50, ...guide, suffix: "-guide" },
  { mode: "curve", id: "resnet50", imageSize: 64, batchSize: 16, steps: 50, ...guide, suffix: "-guide" },
  { mode: "curve", id: "vit_small_patch16_224", imageSize: 64, batchSize: 16, steps: 50, ...vit },
].map((entry) => ({
  ...entry,
  name: `${entry.mode}-${entry.id}-${entry.imageSize}${entry.suffix ?? ""}`,
  classes: 10,
}));
