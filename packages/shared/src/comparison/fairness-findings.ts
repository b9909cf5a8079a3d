import type { Message } from "../message/message.js";
import { percent } from "../message/percent.js";
import { wilsonInterval } from "../statistics/proportion-interval.js";
import type { Selection } from "./align-runs.js";
import type { ComparedRun, StandingRun } from "./compared-run.js";
import { sayFairness } from "./fairness-messages.js";
import { groupInOrder } from "./group-in-order.js";
import { fewestSeeds } from "./test-groups.js";

export const fairnessKinds = [
  "DIFFERENT_DATA",
  "DIFFERENT_SPLIT",
  "DIFFERENT_BUDGET",
  "DIFFERENT_RESOLUTION",
  "DIFFERENT_PRETRAINING",
  "DIFFERENT_EVALUATION",
  "SINGLE_SEED",
  "UNFINISHED",
  "SMALL_VALIDATION",
  "SELECTED_ON_VALIDATION",
] as const;

export type FairnessKind = (typeof fairnessKinds)[number];

/** What a comparison does not hold equal. BAD: the accuracies do not compare; WARN: another cause may explain a difference. */
export type FairnessFinding = {
  kind: FairnessKind;
  severity: "INFO" | "WARN" | "BAD";
  runs: string[];
  message: Message;
};

/** Below this many val images the interval of an accuracy is wider than about ± 3 points. */
const smallValidation = 500;
/** Budgets that differ by less count as equal: a last batch, a skipped image. */
const budgetTolerance = 1.05;

/** Everything that a comparison of these runs does not hold equal, the gravest first. A single run is compared with nothing. */
export function fairnessFindings(standing: readonly StandingRun[], selection: Selection): FairnessFinding[] {
  if (standing.length < 2) return [];
  const order = { BAD: 0, WARN: 1, INFO: 2 };
  const runs = standing.map(({ run }) => run);
  return [
    findData(runs),
    findSplit(standing),
    findBudget(standing),
    findResolution(runs),
    findPretraining(runs),
    findEvaluation(runs),
    findUnfinished(runs),
    findFailed(runs),
    findSmallValidation(standing),
    findSingleSeed(runs),
    findSelection(standing, selection),
  ]
    .filter((finding) => finding !== null)
    .sort((a, b) => order[a.severity] - order[b.severity]);
}

type Maybe = FairnessFinding | null;

function finding(
  kind: FairnessKind,
  severity: FairnessFinding["severity"],
  runs: readonly ComparedRun[],
  message: Message,
): FairnessFinding {
  return { kind, severity, runs: runs.map(({ id }) => id), message };
}

function findData(runs: readonly ComparedRun[]): Maybe {
  const { distinct, unknown } = split(runs, ({ datasetHash }) => datasetHash);
  if (distinct > 1)
    return finding("DIFFERENT_DATA", "BAD", runs, sayFairness("fairness.differentData", { datasets: distinct }));
  if (unknown.length === 0) return null;
  return finding("DIFFERENT_DATA", "WARN", unknown, sayFairness("fairness.unknownData", { runs: unknown.length }));
}

function findSplit(standing: readonly StandingRun[]): Maybe {
  const scored = standing.filter(({ evaluation }) => evaluation !== null);
  const { distinct, unknown } = split(scored, ({ evaluation }) => evaluation!.valImagesHash);
  const sizes = new Set(scored.map(({ evaluation }) => evaluation!.val.examples)).size;
  const splits = Math.max(distinct, sizes);
  const runsOf = (members: readonly StandingRun[]) => members.map(({ run }) => run);
  if (splits > 1)
    return finding("DIFFERENT_SPLIT", "BAD", runsOf(scored), sayFairness("fairness.differentSplit", { splits }));
  if (unknown.length === 0) return null;
  return finding(
    "DIFFERENT_SPLIT",
    "WARN",
    runsOf(unknown),
    sayFairness("fairness.unknownSplit", { runs: unknown.length }),
  );
}

function findBudget(standing: readonly StandingRun[]): Maybe {
  const budgets = standing.flatMap(({ run }) => {
    const epochs = run.config.epochs;
    return typeof epochs === "number" && run.trainImages !== null ? [{ run, images: epochs * run.trainImages }] : [];
  });
  const images = budgets.map((budget) => budget.images);
  const low = Math.min(...images);
  const high = Math.max(...images);
  if (budgets.length < 2 || high <= low * budgetTolerance) return null;
  const runs = budgets.map(({ run }) => run);
  return finding("DIFFERENT_BUDGET", "WARN", runs, sayFairness("fairness.differentBudget", { low, high }));
}

function findResolution(runs: readonly ComparedRun[]): Maybe {
  const known = runs.filter(({ config }) => typeof config.imageSize === "number");
  const sizes = known.map(({ config }) => config.imageSize as number);
  const low = Math.min(...sizes);
  const high = Math.max(...sizes);
  if (known.length < 2 || low === high) return null;
  return finding("DIFFERENT_RESOLUTION", "WARN", known, sayFairness("fairness.differentResolution", { low, high }));
}

function findPretraining(runs: readonly ComparedRun[]): Maybe {
  const { distinct, unknown } = split(runs, ({ pretraining, architecture }) =>
    comparablePretraining(pretraining, architecture),
  );
  if (distinct > 1)
    return finding(
      "DIFFERENT_PRETRAINING",
      "WARN",
      runs,
      sayFairness("fairness.differentPretraining", { starts: distinct }),
    );
  if (unknown.length === 0) return null;
  return finding(
    "DIFFERENT_PRETRAINING",
    "WARN",
    unknown,
    sayFairness("fairness.unknownPretraining", { runs: unknown.length }),
  );
}

/** Weights named like timm's `resnet50.a1_in1k`: two architectures never share weights, but they share the recipe after the dot. */
function comparablePretraining(pretraining: string | null, architecture: string | null): string | null {
  return pretraining !== null && architecture !== null && pretraining.startsWith(`${architecture}.`)
    ? pretraining.slice(architecture.length + 1)
    : pretraining;
}

function findEvaluation(runs: readonly ComparedRun[]): Maybe {
  const logged = runs.filter(({ origin }) => origin === "LOGGED");
  if (logged.length === 0 || logged.length === runs.length) return null;
  return finding(
    "DIFFERENT_EVALUATION",
    "WARN",
    logged,
    sayFairness("fairness.differentEvaluation", { logged: logged.length }),
  );
}

function findUnfinished(runs: readonly ComparedRun[]): Maybe {
  const unfinished = runs.filter(({ status }) => status === "QUEUED" || status === "RUNNING");
  if (unfinished.length === 0) return null;
  return finding("UNFINISHED", "WARN", unfinished, sayFairness("fairness.unfinished", { runs: unfinished.length }));
}

function findFailed(runs: readonly ComparedRun[]): Maybe {
  const failed = runs.filter(({ status }) => status === "FAILED");
  if (failed.length === 0) return null;
  return finding("UNFINISHED", "WARN", failed, sayFairness("fairness.failed", { runs: failed.length }));
}

function findSmallValidation(standing: readonly StandingRun[]): Maybe {
  const small = standing.filter(
    ({ evaluation }) => evaluation !== null && evaluation.val.examples > 0 && evaluation.val.examples < smallValidation,
  );
  const smallest = small.toSorted((a, b) => a.evaluation!.val.examples - b.evaluation!.val.examples)[0];
  if (smallest === undefined) return null;
  const { correct, examples } = smallest.evaluation!.val;
  const { estimate, low, high } = wilsonInterval(correct, examples)!;
  const values = { examples, accuracy: percent(estimate), low: percent(low), high: percent(high) };
  const runs = small.map(({ run }) => run);
  return finding("SMALL_VALIDATION", "WARN", runs, sayFairness("fairness.smallValidation", values));
}

function findSingleSeed(runs: readonly ComparedRun[]): Maybe {
  const groups = groupInOrder(runs, ({ id, group }) => group ?? id);
  const single = [...groups.values()].filter((members) => members.length === 1).map((members) => members[0]!);
  if (single.length > 0)
    return finding("SINGLE_SEED", "INFO", single, sayFairness("fairness.singleSeed", { runs: single.length }));
  const few = [...groups.values()].filter((members) => members.length < fewestSeeds);
  if (few.length === 0) return null;
  return finding("SINGLE_SEED", "INFO", few.flat(), sayFairness("fairness.fewSeeds", { candidates: few.length }));
}

function findSelection(standing: readonly StandingRun[], selection: Selection): Maybe {
  const runs = standing.filter(({ evaluation }) => evaluation !== null).map(({ run }) => run);
  if (selection !== "BEST" || runs.length === 0) return null;
  return finding("SELECTED_ON_VALIDATION", "INFO", runs, sayFairness("fairness.selectedOnValidation", {}));
}

/** How many different values are known, and the members of which none is. */
function split<Member>(
  members: readonly Member[],
  identify: (member: Member) => string | null,
): { distinct: number; unknown: Member[] } {
  const values = members.map(identify);
  return {
    distinct: new Set(values.filter((value) => value !== null)).size,
    unknown: members.filter((_, i) => values[i] === null),
  };
}
