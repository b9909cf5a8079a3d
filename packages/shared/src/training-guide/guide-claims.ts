import { isResNet } from "../architecture-facts/architecture-facts.js";
import { multiplyAdds } from "../architecture-facts/counts.js";
import { estimateMemory } from "../architecture-facts/memory-estimate.js";
import type { Message } from "../message/message.js";
import { type ArchitectureId, architectureName } from "../training-config/architecture-id.js";
import { trainingBounds } from "../training-config/training-bounds.js";
import { sayClaim } from "./claim-messages.js";

/** How a claim of the guide stands against what was published or computed. OPEN: nothing was found that tells. */
export const claimStandings = ["CONFIRMED", "PARTLY", "REFUTED", "OPEN"] as const;
export type ClaimStanding = (typeof claimStandings)[number];

/** What the guide claims, what the evidence says, where that is written, and what both make of the claim. */
export interface GuideClaim {
  readonly id: string;
  readonly claim: Message;
  readonly evidence: Message;
  readonly standing: ClaimStanding;
  /** Where to look it up. */
  readonly reference: string;
}

const speedTables = "timm, benchmark tables of inference and training (RTX 3090, RTX 4090, i9-10940X)";
const imageNet = "timm, results on ImageNet (aa4b585)";
const memoryModel = "Residual's memory model; maxima of torchgpipe and timm on 24 GB cards";

/** The guide's claims on an architecture. It was written for ResNet-101; what it says of others, it says in comparing them. */
export function guideClaims(architecture: ArchitectureId): GuideClaim[] {
  if (architecture === "resnet101") return [...resnet101Claims(), gpuClaim(architecture)];
  if (architecture === "vit_base_patch16_224") return [vitImagesClaim(10_000), gpuClaim(architecture)];
  if (architecture === "vit_large_patch16_224")
    return [vitImagesClaim(50_000), slowerInference, gpuClaim(architecture)];
  return isResNet(architecture) ? [gpuClaim(architecture)] : [];
}

const slowerInference: GuideClaim = {
  id: "vitLargeSlower",
  claim: sayClaim("guide.claim.vitLargeSlower", {}),
  evidence: sayClaim("guide.claim.vitLargeSlowerEvidence", {}),
  standing: "CONFIRMED",
  reference: speedTables,
};

function vitImagesClaim(images: number): GuideClaim {
  return {
    id: "vitImages",
    claim: sayClaim("guide.claim.vitImages", { images }),
    evidence: sayClaim("guide.claim.vitImagesEvidence", {}),
    standing: "REFUTED",
    reference: "Dosovitskiy et al. 2021, table 5; Kornblith et al. 2019",
  };
}

/** The guide's minimum beside what its default batch takes. */
function gpuClaim(architecture: ArchitectureId): GuideClaim {
  const { minimumGpuGigabytes, batchSize } = trainingBounds(architecture);
  const bytes = estimateMemory(
    { architecture, imageSize: 224, batchSize: batchSize.default, optimizer: "ADAMW" },
    1000,
  );
  const gigabytes = Math.round(bytes / 1e8) / 10;
  return {
    id: "gpu",
    claim: sayClaim("guide.claim.gpu", { gigabytes: minimumGpuGigabytes }),
    evidence: sayClaim("guide.claim.gpuEvidence", {
      architecture: architectureName(architecture),
      batchSize: batchSize.default,
      gigabytes,
    }),
    standing: gigabytes < minimumGpuGigabytes / 2 ? "REFUTED" : "PARTLY",
    reference: memoryModel,
  };
}

function resnet101Claims(): GuideClaim[] {
  const ratio = (other: ArchitectureId) =>
    Math.round((10 * multiplyAdds("resnet101", 1000)) / multiplyAdds(other, 1000)) / 10;
  return [
    {
      id: "deepest",
      claim: sayClaim("guide.claim.deepest", {}),
      evidence: sayClaim("guide.claim.deepestEvidence", {}),
      standing: "REFUTED",
      reference: "He et al. 2016; torchvision, model weights",
    },
    {
      id: "size",
      claim: sayClaim("guide.claim.size", {}),
      evidence: sayClaim("guide.claim.sizeEvidence", {}),
      standing: "CONFIRMED",
      reference: "counted from the architecture",
    },
    {
      id: "accuracy",
      claim: sayClaim("guide.claim.accuracy", {}),
      evidence: sayClaim("guide.claim.accuracyEvidence", {}),
      standing: "PARTLY",
      reference: `${imageNet}; MPN-COV`,
    },
    {
      id: "trainingTime",
      claim: sayClaim("guide.claim.trainingTime", {}),
      evidence: sayClaim("guide.claim.trainingTimeEvidence", {
        resnet50: ratio("resnet50"),
        resnet18: ratio("resnet18"),
      }),
      standing: "PARTLY",
      reference: speedTables,
    },
    {
      id: "inference",
      claim: sayClaim("guide.claim.inference", {}),
      evidence: sayClaim("guide.claim.inferenceEvidence", {}),
      standing: "REFUTED",
      reference: speedTables,
    },
    slowerInference,
    vitImagesClaim(10_000),
    {
      id: "capacity",
      claim: sayClaim("guide.claim.capacity", {}),
      evidence: sayClaim("guide.claim.capacityEvidence", {}),
      standing: "PARTLY",
      reference: "TLLib, fine-tuning baselines on CUB-200",
    },
    {
      id: "veryLarge",
      claim: sayClaim("guide.claim.veryLarge", {}),
      evidence: sayClaim("guide.claim.veryLargeEvidence", {}),
      standing: "PARTLY",
      reference: imageNet,
    },
    {
      id: "cards",
      claim: sayClaim("guide.claim.cards", {}),
      evidence: sayClaim("guide.claim.cardsEvidence", {}),
      standing: "REFUTED",
      reference: "the maker's data sheets",
    },
    {
      id: "cpu",
      claim: sayClaim("guide.claim.cpu", {}),
      evidence: sayClaim("guide.claim.cpuEvidence", {}),
      standing: "PARTLY",
      reference: "computed from multiply-adds",
    },
    {
      id: "defaults",
      claim: sayClaim("guide.claim.defaults", {}),
      evidence: sayClaim("guide.claim.defaultsEvidence", {}),
      standing: "REFUTED",
      reference: "model cards of fine-tunings of ResNet-50 on CIFAR-10",
    },
    {
      id: "birds",
      claim: sayClaim("guide.claim.birds", {}),
      evidence: sayClaim("guide.claim.birdsEvidence", {}),
      standing: "PARTLY",
      reference: "BirdShift, release 1.0",
    },
    {
      id: "cases",
      claim: sayClaim("guide.claim.cases", {}),
      evidence: sayClaim("guide.claim.casesEvidence", {}),
      standing: "OPEN",
      reference: "nothing found",
    },
  ];
}
