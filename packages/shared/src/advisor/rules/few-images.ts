import { architectureName } from "../../training-config/architecture-id.js";
import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";
import { smallerNetworkPatch } from "../smaller-network.js";

const fewPerClass = 20;
const fewImages = 2_000;
/** Beyond the guide's word: the smallest networks are what it recommends, so that there is nothing to advise. */
const smallest: ReadonlySet<string> = new Set(["resnet18", "vit_tiny_patch16_224"]);

/** Before a run shows anything: fewer images than the guide asks for a deep network, or than a class needs. */
export function adviseFewImages(evidence: RunEvidence): Advice | null {
  const { trainImages, classes, config } = evidence;
  if (trainImages === null || !classes?.length) return null;
  const perClass = Math.round(trainImages / classes.length);
  const isDeep = config !== null && !smallest.has(config.architecture);
  if (perClass >= fewPerClass && !(trainImages < fewImages && isDeep)) return null;
  const smaller = config === null ? null : smallerNetworkPatch(config);
  return {
    rule: "FEW_IMAGES",
    severity: "INFO",
    finding: sayFinding("advice.fewImages.finding", { images: trainImages, perClass }),
    actions: [
      adviseOnly("moreImages", sayAction("advice.action.moreImages", { perClass })),
      ...(smaller === null
        ? []
        : plan(
            evidence,
            "smallerNetwork",
            sayAction("advice.action.smallerNetwork", { network: architectureName(smaller.architecture) }),
            smaller,
          )),
      ...(config?.augmentation === "HEAVY"
        ? []
        : plan(evidence, "augmentation", sayAction("advice.action.heavyAugmentation", {}), {
            augmentation: "HEAVY",
          })),
      ...(config === null || config.initialWeights === "RANDOM" || config.freeze !== "NONE"
        ? []
        : plan(evidence, "headFirst", sayAction("advice.action.headFirst", {}), { freeze: "GRADUAL" })),
    ],
  };
}
