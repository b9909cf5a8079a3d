import type { GapAssessment, GapVerdict } from "../generalization-gap/assess-gap.js";
import { accuracyGap, lossGap } from "../generalization-gap/gap-intervals.js";
import type { Estimate } from "../statistics/interval.js";
import { wilsonInterval } from "../statistics/proportion-interval.js";
import { studentTwoSidedQuantile } from "../statistics/student-t.js";
import type { ArchitectureId } from "../training-config/architecture-id.js";
import type { ComparedEvaluation, RunCost, StandingRun } from "./compared-run.js";
import type { RunGroup } from "./group-runs.js";

/** A row of a comparison. A group of several runs has means with the interval over its runs, and no epoch. */
export type ComparisonRow = RunCost & {
  key: string;
  name: string;
  runs: string[];
  architecture: ArchitectureId | null;
  epoch: number | null;
  step: number | null;
  valAccuracy: Estimate | null;
  valLoss: number | null;
  accuracyGap: Estimate | null;
  lossGap: Estimate | null;
  verdict: GapVerdict | null;
  onsetEpoch: number | null;
  /** Against the baseline; null for the baseline itself and where there is no evaluation. */
  difference: Estimate | null;
  seeds: number;
  /** Whether every run of the row has ended, so that its times are final. */
  isFinished: boolean;
};

type Assessed = Pick<GapAssessment, "verdict" | "onsetEpoch">;

/** A row without its difference. `gaps`: the assessment of each run by its id, where there is one. */
export function comparisonRow({ key, name, members }: RunGroup, gaps: ReadonlyMap<string, Assessed>): ComparisonRow {
  const evaluations = members.flatMap(({ evaluation }) => (evaluation === null ? [] : [evaluation]));
  const only = members.length === 1 ? evaluations[0] : undefined;
  const assessed = members.map(({ run }) => gaps.get(run.id));
  return {
    key,
    name,
    runs: members.map(({ run }) => run.id),
    architecture: shared(members.map(({ run }) => run.architecture)),
    epoch: only?.epoch ?? null,
    step: only?.step ?? null,
    valAccuracy: combine(evaluations, ({ val }) => wilsonInterval(val.correct, val.examples)),
    valLoss: mean(evaluations.map(({ val }) => val.meanLoss)),
    accuracyGap: combine(evaluations, accuracyGap),
    lossGap: combine(evaluations, lossGap),
    verdict: shared(assessed.map((gap) => gap?.verdict ?? null)),
    onsetEpoch: members.length === 1 ? (assessed[0]?.onsetEpoch ?? null) : null,
    difference: null,
    seeds: members.length,
    isFinished: members.every(({ run }) => run.status === "FINISHED" || run.status === "STOPPED"),
    ...meanCost(members),
  };
}

/** The interval of one evaluation; of several, their mean with Student's interval over the runs. */
function combine(
  evaluations: readonly ComparedEvaluation[],
  of: (evaluation: ComparedEvaluation) => Estimate | null,
): Estimate | null {
  const intervals = evaluations.map(of).filter((interval) => interval !== null);
  if (intervals.length <= 1) return intervals[0] ?? null;
  const values = intervals.map(({ estimate }) => estimate);
  const estimate = mean(values)!;
  const variance = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (values.length - 1);
  const half = studentTwoSidedQuantile(0.95, values.length - 1) * Math.sqrt(variance / values.length);
  return { estimate, low: estimate - half, high: estimate + half };
}

function meanCost(members: readonly StandingRun[]): RunCost {
  const of = (field: keyof RunCost) => mean(members.flatMap(({ run }) => run.cost[field] ?? []));
  return {
    parameters: of("parameters"),
    macs: of("macs"),
    trainSeconds: of("trainSeconds"),
    imagesPerSecond: of("imagesPerSecond"),
    secondsPerEpoch: of("secondsPerEpoch"),
    memoryBytes: of("memoryBytes"),
    latencyMilliseconds: of("latencyMilliseconds"),
    energyWattHours: of("energyWattHours"),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that all have, or null. */
function shared<Value>(values: readonly (Value | null)[]): Value | null {
  return values.every((value) => value === values[0]) ? (values[0] ?? null) : null;
}
