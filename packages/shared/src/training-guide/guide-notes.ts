import { isResNet } from "../architecture-facts/architecture-facts.js";
import { multiplyAdds } from "../architecture-facts/counts.js";
import { estimateMemory } from "../architecture-facts/memory-estimate.js";
import type { Message } from "../message/message.js";
import { type ArchitectureId, architectureName } from "../training-config/architecture-id.js";
import { trainingBounds } from "../training-config/training-bounds.js";
import type { TrainingConfig } from "../training-config/training-config.js";
import { type DatasetSizeClass, datasetSizeClass } from "./dataset-size.js";
import { type ClaimStanding, guideClaims } from "./guide-claims.js";
import { guideRecommendation } from "./guide-recommendation.js";
import { sayNote } from "./note-messages.js";

export type GuideSource = "GUIDE" | "EVIDENCE" | "MEASURED";

/**
 * field: which setting the note is about, or null. source: what the guide says, what published evidence says, what runs here measured. Notes
 * on one claim share its name; `standing`, of the guide's own note: what the evidence makes of it; `reference`, of the evidence: where it is written.
 */
export type GuideNote = {
  field: keyof TrainingConfig | null;
  source: GuideSource;
  message: Message;
  claim: string | null;
  standing: ClaimStanding | null;
  reference: string | null;
};

/** The dataset of the question: its images, and its classes where they are known. */
export type GuideDataset = { images: number; classes: number | null };

const onSetting = { claim: null, standing: null, reference: null };
const guide = (field: GuideNote["field"], message: Message): GuideNote => ({
  ...{ field, source: "GUIDE", message },
  ...onSetting,
});
const evidence = (field: GuideNote["field"], message: Message): GuideNote => ({
  ...{ field, source: "EVIDENCE", message },
  ...onSetting,
});

/**
 * What the guide says about an architecture and its settings for a dataset (null: none chosen), each followed by what published evidence
 * says where that differs. Notes on what was measured here (source MEASURED) are the caller's to add.
 */
export function guideNotes(architecture: ArchitectureId, dataset: GuideDataset | null): GuideNote[] {
  return [
    ...(dataset === null ? [] : [guide(null, saySizeClass(architecture, dataset.images))]),
    ...imageNotes(architecture, dataset),
    ...settingNotes(architecture, dataset),
    ...claimNotes(architecture),
    evidence(null, sayNote("guide.note.cpuMeasured", {})),
    ...(isResNet(architecture) ? [] : [evidence(null, sayNote("guide.note.vitPretraining", {}))]),
    evidence(null, sayNote("guide.note.fromScratch", {})),
  ];
}

function saySizeClass(architecture: ArchitectureId, images: number): Message {
  const values = {
    architecture: architectureName(architecture),
    images,
    minimum: trainingBounds(architecture).minimumImages,
  };
  const say: Record<DatasetSizeClass, () => Message> = {
    BELOW_MINIMUM: () => sayNote("guide.note.belowMinimum", values),
    SMALL: () => sayNote(architecture === "resnet101" ? "guide.note.small" : "guide.note.smallOther", values),
    MEDIUM: () => sayNote("guide.note.medium", values),
    LARGE: () => sayNote("guide.note.large", values),
    VERY_LARGE: () =>
      sayNote(
        architecture === "vit_large_patch16_224" ? "guide.note.veryLargeVitLarge" : "guide.note.veryLarge",
        values,
      ),
  };
  return say[datasetSizeClass(architecture, images)]();
}

function imageNotes(architecture: ArchitectureId, dataset: GuideDataset | null): GuideNote[] {
  const { minimumImages, optimalImages } = trainingBounds(architecture);
  const perClass = dataset?.classes ? Math.round(dataset.images / dataset.classes) : null;
  return [
    guide("trainImages", sayNote("guide.note.images", { minimum: minimumImages, optimal: optimalImages })),
    evidence(
      "trainImages",
      perClass === null
        ? sayNote("guide.note.imagesPerClassUnknown", {})
        : sayNote("guide.note.imagesPerClass", { perClass }),
    ),
  ];
}

function settingNotes(architecture: ArchitectureId, dataset: GuideDataset | null): GuideNote[] {
  const name = architectureName(architecture);
  const { batchSize } = guideRecommendation(architecture, dataset?.images ?? null);
  const imageSize = trainingBounds(architecture).imageSize.default;
  const bytes = estimateMemory({ architecture, imageSize, batchSize, optimizer: "ADAMW" }, dataset?.classes ?? 1000);
  const gigabytes = Math.round(bytes / 1e8) / 10;
  const isGuided = architecture === "resnet101";
  const notes = [
    isGuided && guide("batchSize", sayNote("guide.note.batchSize", {})),
    evidence(
      "batchSize",
      sayNote("guide.note.batchSizeMemory", { architecture: name, imageSize, batchSize, gigabytes }),
    ),
    isResNet(architecture) && evidence("batchSize", sayNote("guide.note.batchNorm", {})),
    isGuided && guide("epochs", sayNote("guide.note.epochs", {})),
    isResNet(architecture) && evidence("epochs", sayNote("guide.note.epochsSteps", {})),
    isGuided && guide("learningRate", sayNote("guide.note.learningRate", {})),
    evidence("learningRate", sayLearningRate(architecture)),
    guide("evalEvery", sayNote("guide.note.evalEvery", {})),
    evidence("evalEvery", sayNote("guide.note.evalEveryUnit", {})),
    guide("augmentation", sayNote("guide.note.augmentation", {})),
    guide("imageSize", sayNote("guide.note.imageSize", {})),
    evidence("imageSize", sayNote("guide.note.imageSizeCost", { imageSize: 64, share: costShare(architecture, 64) })),
  ];
  return notes.filter((note) => note !== false);
}

function sayLearningRate(architecture: ArchitectureId): Message {
  if (isResNet(architecture)) return sayNote("guide.note.learningRateResnet", {});
  const [low, high] = architecture === "vit_large_patch16_224" ? ["1e-5", "2e-5"] : ["2e-5", "5e-5"];
  return sayNote("guide.note.learningRateVit", {
    architecture: architectureName(architecture),
    low: low!,
    high: high!,
  });
}

/** Each claim as two notes of one subject: the guide's word with how it stands, and the evidence with its source. */
function claimNotes(architecture: ArchitectureId): GuideNote[] {
  return guideClaims(architecture).flatMap(({ id, claim, evidence: found, standing, reference }): GuideNote[] => [
    { field: null, source: "GUIDE", message: claim, claim: id, standing, reference: null },
    { field: null, source: "EVIDENCE", message: found, claim: id, standing: null, reference },
  ]);
}

/** Percent of the multiply-adds of an image at 224 px. */
function costShare(architecture: ArchitectureId, imageSize: number): number {
  return Math.round((100 * multiplyAdds(architecture, 1000, imageSize)) / multiplyAdds(architecture, 1000, 224));
}
