import type { Message } from "../message/message.js";
import type { ArchitectureId } from "../training-config/architecture-id.js";
import { sayChoice } from "./choice-messages.js";

/** When an architecture is the right one, and what speaks against it. */
export type GuideUse = { architecture: ArchitectureId; strengths: Message[]; limits: Message[] };

/** Two architectures side by side: choose each one when … */
export type GuideChoice = { architectures: [ArchitectureId, ArchitectureId]; when: [Message[], Message[]] };

export const guideUses: GuideUse[] = [
  {
    architecture: "resnet18",
    strengths: [sayChoice("guide.use.resnet18.quick", {})],
    limits: [sayChoice("guide.use.resnet18.limit", {})],
  },
  {
    architecture: "resnet34",
    strengths: [sayChoice("guide.use.resnet34.between", {})],
    limits: [sayChoice("guide.use.resnet34.limit", {})],
  },
  {
    architecture: "resnet50",
    strengths: [sayChoice("guide.use.resnet50.default", {})],
    limits: [sayChoice("guide.use.resnet50.limit", {})],
  },
  {
    architecture: "resnet101",
    strengths: [
      sayChoice("guide.use.resnet101.accuracy", {}),
      sayChoice("guide.use.resnet101.large", {}),
      sayChoice("guide.use.resnet101.fineGrained", {}),
      sayChoice("guide.use.resnet101.production", {}),
      sayChoice("guide.use.resnet101.overfit", {}),
    ],
    limits: [
      sayChoice("guide.use.resnet101.slower", {}),
      sayChoice("guide.use.resnet101.smallData", {}),
      sayChoice("guide.use.resnet101.diminishing", {}),
    ],
  },
  {
    architecture: "resnet152",
    strengths: [sayChoice("guide.use.resnet152.deepest", {})],
    limits: [sayChoice("guide.use.resnet152.limit", {})],
  },
  {
    architecture: "vit_tiny_patch16_224",
    strengths: [sayChoice("guide.use.vitTiny.small", {})],
    limits: [sayChoice("guide.use.vitTiny.limit", {})],
  },
  {
    architecture: "vit_small_patch16_224",
    strengths: [sayChoice("guide.use.vitSmall.middle", {})],
    limits: [sayChoice("guide.use.vitSmall.limit", {})],
  },
  {
    architecture: "vit_base_patch16_224",
    strengths: [sayChoice("guide.use.vitBase.global", {})],
    limits: [sayChoice("guide.use.vitBase.limit", {})],
  },
  {
    architecture: "vit_large_patch16_224",
    strengths: [sayChoice("guide.use.vitLarge.accuracy", {})],
    limits: [sayChoice("guide.use.vitLarge.limit", {})],
  },
];

export const guideChoices: GuideChoice[] = [
  {
    architectures: ["resnet101", "resnet50"],
    when: [
      [
        sayChoice("guide.choose.imagesAbove", { images: 5_000 }),
        sayChoice("guide.choose.maximumCnn", {}),
        sayChoice("guide.choose.fineGrained", {}),
        sayChoice("guide.choose.gpuAtLeast", { gigabytes: 10 }),
        sayChoice("guide.choose.trainingTimeOk", {}),
      ],
      [
        sayChoice("guide.choose.imagesBelow", { images: 5_000 }),
        sayChoice("guide.choose.trainingSpeed", {}),
        sayChoice("guide.choose.gpuLimited", {}),
        sayChoice("guide.choose.standardTask", {}),
      ],
    ],
  },
  {
    architectures: ["resnet101", "vit_base_patch16_224"],
    when: [
      [
        sayChoice("guide.choose.inferenceSpeed", {}),
        sayChoice("guide.choose.imagesBetween", { low: 2_000, high: 10_000 }),
        sayChoice("guide.choose.locality", {}),
        sayChoice("guide.choose.gpuLimited", {}),
      ],
      [
        sayChoice("guide.choose.imagesAbove", { images: 10_000 }),
        sayChoice("guide.choose.maximum", {}),
        sayChoice("guide.choose.globalContext", {}),
        sayChoice("guide.choose.gpuAtLeast", { gigabytes: 12 }),
        sayChoice("guide.choose.trainingTimeUncritical", {}),
      ],
    ],
  },
  {
    architectures: ["resnet101", "vit_large_patch16_224"],
    when: [
      [
        sayChoice("guide.choose.inferenceSpeed", {}),
        sayChoice("guide.choose.imagesBelow", { images: 50_000 }),
        sayChoice("guide.choose.gpuBelow", { gigabytes: 16 }),
        sayChoice("guide.choose.locality", {}),
        sayChoice("guide.choose.cost", {}),
      ],
      [
        sayChoice("guide.choose.imagesAbove", { images: 50_000 }),
        sayChoice("guide.choose.maximum", {}),
        sayChoice("guide.choose.gpuAtLeast", { gigabytes: 16 }),
        sayChoice("guide.choose.inferenceUncritical", {}),
      ],
    ],
  },
];
