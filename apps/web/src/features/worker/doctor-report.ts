import { type DoctorReport, doctorSubjects } from "@residual/shared";

/** The report of a worker, or null for what is none: before its first examination, or from a worker of another version. */
export function readDoctorReport(value: unknown): DoctorReport | null {
  if (!isRecord(value) || typeof value.examinedAt !== "string" || typeof value.healthy !== "boolean") return null;
  const { checks, executors } = value;
  if (!Array.isArray(checks) || !checks.every(isCheck)) return null;
  if (!Array.isArray(executors) || !executors.every(isExecutor)) return null;
  return value as unknown as DoctorReport;
}

interface SpeedBar {
  executor: string;
  imagesPerSecond: number | null;
  problem: string | null;
  /** Of the fastest executor on this network. */
  share: number;
}

export interface SpeedGroup {
  architecture: string;
  imageSize: number;
  batchSize: number;
  bars: SpeedBar[];
}

/** How fast each executor trained, network by network, so that the executors stand side by side. */
export function speedGroups({ executors }: DoctorReport): SpeedGroup[] {
  const groups = new Map<string, SpeedGroup>();
  for (const { name, steps } of executors) {
    for (const { architecture, imageSize, batchSize, imagesPerSecond, problem } of steps) {
      const key = `${architecture} ${imageSize} ${batchSize}`;
      const group = groups.get(key) ?? { architecture, imageSize, batchSize, bars: [] };
      group.bars.push({ executor: name, imagesPerSecond, problem: problem ?? null, share: 0 });
      groups.set(key, group);
    }
  }
  return [...groups.values()].map((group) => {
    const fastest = Math.max(0, ...group.bars.map((bar) => bar.imagesPerSecond ?? 0));
    const shareOf = (speed: number | null) => (speed !== null && fastest > 0 ? speed / fastest : 0);
    return { ...group, bars: group.bars.map((bar) => ({ ...bar, share: shareOf(bar.imagesPerSecond) })) };
  });
}

function isCheck(value: unknown): boolean {
  return (
    isRecord(value) &&
    (doctorSubjects as readonly unknown[]).includes(value.subject) &&
    typeof value.ok === "boolean" &&
    isMessage(value.finding) &&
    (value.advice === undefined || isMessage(value.advice))
  );
}

function isMessage(value: unknown): boolean {
  return isRecord(value) && typeof value.key === "string" && typeof value.text === "string" && isRecord(value.values);
}

function isExecutor(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.available === "boolean" &&
    typeof value.detail === "string" &&
    Array.isArray(value.precisions) &&
    Array.isArray(value.steps) &&
    value.steps.every((step) => isRecord(step) && typeof step.architecture === "string")
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
