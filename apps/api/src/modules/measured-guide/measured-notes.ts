import { type ArchitectureId, architectureName, isArchitectureId, type Message, sayMeasured } from "@residual/shared";
import type { GuideNote } from "../architecture/training-guide.type.js";
import type { MeasuredRun } from "./read-measured-runs.js";

/** Which networks the guide sets ResNet-101 beside; a claim on speed is measured against these. */
const compared: Partial<Record<ArchitectureId, { trainingTime: ArchitectureId; inference: ArchitectureId }>> = {
  resnet101: { trainingTime: "resnet50", inference: "vit_base_patch16_224" },
};

const measured = (field: string | null, claim: string | null, message: Message): GuideNote => ({
  ...{ field, claim, message, source: "MEASURED" as const },
  ...{ standing: null, reference: null },
});

/** What the runs of a project say to the guide's words on a network: nothing where none of them tells. */
export function measuredNotes(architecture: ArchitectureId, runs: readonly MeasuredRun[]): GuideNote[] {
  const own = runs.filter((run) => run.architecture === architecture);
  return [...settingNotes(own), ...memoryNotes(own), ...speedNotes(architecture, own, runs)];
}

/** Of the run with the best val accuracy. */
function settingNotes(own: readonly MeasuredRun[]): GuideNote[] {
  const best = own.filter(({ accuracy }) => accuracy !== null).toSorted((a, b) => b.accuracy! - a.accuracy!)[0];
  if (!best || best.bestEpoch === null) return [];
  const { bestEpoch, epochs, learningRate } = best;
  const accuracy = Math.round(best.accuracy! * 1_000) / 10;
  return [
    measured("epochs", null, sayMeasured("guide.measured.epochs", { epoch: bestEpoch, epochs })),
    measured(
      "learningRate",
      null,
      sayMeasured("guide.measured.learningRate", { rate: String(learningRate), accuracy }),
    ),
  ];
}

/** Of the run that took most. */
function memoryNotes(own: readonly MeasuredRun[]): GuideNote[] {
  const most = own
    .filter(({ memoryBytes }) => memoryBytes !== null)
    .toSorted((a, b) => b.memoryBytes! - a.memoryBytes!)[0];
  if (!most) return [];
  const { imageSize, batchSize } = most;
  const values = { imageSize, batchSize, gigabytes: Math.round(most.memoryBytes! / 1e8) / 10 };
  return [measured(null, "gpu", sayMeasured("guide.measured.memory", values))];
}

/** Against the newest run of the other network at the same image size; a speed at another size would compare sizes. */
function speedNotes(
  architecture: ArchitectureId,
  own: readonly MeasuredRun[],
  runs: readonly MeasuredRun[],
): GuideNote[] {
  const others = compared[architecture];
  if (!others) return [];
  const pair = (other: ArchitectureId, of: (run: MeasuredRun) => number | null) =>
    own
      .filter((run) => of(run) !== null)
      .flatMap((run) => {
        const match = runs.find((one) => {
          return one.architecture === other && one.imageSize === run.imageSize && of(one) !== null;
        });
        return match ? [{ imageSize: run.imageSize, own: of(run)!, others: of(match)! }] : [];
      })[0];
  const speed = pair(others.trainingTime, ({ imagesPerSecond }) => imagesPerSecond);
  const latency = pair(others.inference, ({ latencyMilliseconds }) => latencyMilliseconds);
  return [
    ...(speed && speed.own > 0
      ? [
          measured(
            null,
            "trainingTime",
            sayMeasured("guide.measured.trainingTime", {
              imageSize: speed.imageSize,
              ratio: twoDigits(speed.others / speed.own),
              other: nameOf(others.trainingTime),
            }),
          ),
        ]
      : []),
    ...(latency
      ? [
          measured(
            null,
            "inference",
            sayMeasured("guide.measured.inference", {
              imageSize: latency.imageSize,
              own: twoDigits(latency.own),
              others: twoDigits(latency.others),
              other: nameOf(others.inference),
            }),
          ),
        ]
      : []),
  ];
}

function nameOf(id: string): string {
  return isArchitectureId(id) ? architectureName(id) : id;
}

function twoDigits(value: number): number {
  return Math.round(value * 100) / 100;
}
