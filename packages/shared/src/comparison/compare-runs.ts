import type { GapAssessment } from "../generalization-gap/assess-gap.js";
import type { Message } from "../message/message.js";
import type { Selection } from "./align-runs.js";
import { type SelectionMetric, selectionScore } from "./best-evaluation.js";
import type { StandingRun } from "./compared-run.js";
import { type ComparisonRow, comparisonRow } from "./comparison-row.js";
import { answerComparison, type SentenceOptions } from "./comparison-sentence.js";
import { type ConfigDifference, configDifferences } from "./config-differences.js";
import { type FairnessFinding, fairnessFindings } from "./fairness-findings.js";
import { type GroupBy, groupRuns, type RunGroup } from "./group-runs.js";
import { sayOutlook } from "./outlook.js";
import { paretoFront } from "./pareto-front.js";
import { type GroupTest, testGroups } from "./test-groups.js";

export type ComparisonOptions = SentenceOptions & {
  groupBy: GroupBy;
  selection: Selection;
  metric: SelectionMetric;
  /** Id of the run whose row the others are measured against; null: the best row by the metric. */
  baseline: string | null;
  gaps: ReadonlyMap<string, Pick<GapAssessment, "verdict" | "onsetEpoch">>;
};

export type ComparisonResult = {
  /** Key of the baseline's row; null where no run has been evaluated. */
  baseline: string | null;
  rows: ComparisonRow[];
  tests: GroupTest[];
  fairness: FairnessFinding[];
  /** Keys of the rows that no other beats in accuracy and cost (training time; multiply-adds where a time is missing). */
  pareto: string[];
  sentence: Message;
  /** What it would take to tell the two apart that the sentence cannot; null where it can. */
  outlook: Message | null;
  configDiff: ConfigDifference[];
};

/** Runs side by side, each at the evaluation that stands for it (see alignRuns). */
export function compareRuns(
  runs: readonly StandingRun[],
  { groupBy, selection, metric, baseline, gaps, ...sentenceOptions }: ComparisonOptions,
): ComparisonResult {
  const groups = groupRuns(runs, groupBy);
  const base =
    groups.find(({ members }) => members.some(({ run }) => run.id === baseline)) ?? bestGroup(groups, metric);
  const tests = base === null ? [] : testGroups(groups, base);
  const testOf = new Map(tests.map((test) => [test.key, test]));
  const rows = groups.map((group) => {
    const test = testOf.get(group.key);
    const difference = test === undefined ? null : { estimate: test.estimate, low: test.low, high: test.high };
    return { ...comparisonRow(group, gaps), difference };
  });
  const fairness = fairnessFindings(runs, selection);
  const answer = answerComparison(rows, tests, fairness, sentenceOptions);
  const cost = rows.every(({ trainSeconds }) => trainSeconds !== null) ? "trainSeconds" : "macs";
  return {
    baseline: base?.key ?? null,
    rows,
    tests,
    fairness,
    pareto: paretoFront(
      rows.map((row) => ({ id: row.key, accuracy: row.valAccuracy?.estimate ?? null, cost: row[cost] })),
    ),
    sentence: answer.sentence,
    outlook: sayOutlook(answer),
    configDiff: configDifferences(runs.map(({ run }) => run)),
  };
}

/** The group with the highest mean score; null where none has been evaluated. */
function bestGroup(groups: readonly RunGroup[], metric: SelectionMetric): RunGroup | null {
  const meanScore = ({ members }: RunGroup) => {
    const scores = members.flatMap(({ evaluation }) =>
      evaluation === null ? [] : [selectionScore(evaluation, metric)],
    );
    return scores.length === 0 ? Number.NaN : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  const scored = groups
    .map((group) => ({ group, score: meanScore(group) }))
    .filter(({ score }) => Number.isFinite(score));
  return scored.toSorted((a, b) => b.score - a.score)[0]?.group ?? null;
}
