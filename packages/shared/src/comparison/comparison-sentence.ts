import type { Message } from "../message/message.js";
import { percent } from "../message/percent.js";
import type { ComparisonRow } from "./comparison-row.js";
import type { FairnessFinding, FairnessKind } from "./fairness-findings.js";
import { saySentence } from "./sentence-messages.js";
import type { GroupTest } from "./test-groups.js";

const significance = 0.05;
/** A candidate is called cheaper below this part of the time; timings scatter by some percent. */
const cheaperShare = 0.9;

export type SentenceOptions = {
  /** "As good as" means: with 95 % confidence no more than this worse, as a fraction. Absence of evidence alone is "cannot be told apart". */
  margin?: number;
  /** Findings of fairness that the reader has seen and takes upon himself: they no longer keep the sentence back. */
  acknowledged?: readonly FairnessKind[];
};

export const defaultMargin = 0.03;

type Scored = ComparisonRow & { valAccuracy: NonNullable<ComparisonRow["valAccuracy"]> };
type Base = "compare.better" | "compare.best" | "compare.asGood" | "compare.undecided";

/** The sentence, and the test that it speaks of; null where it speaks of none. */
export type ComparisonAnswer = { sentence: Message; test: GroupTest | null };

/**
 * The answer in one sentence, which claims no more than the tests against the baseline (the row without a test) bear: better only where
 * Holm's p is below 0.05, as good as only where the interval excludes being 3 points worse.
 */
export function answerComparison(
  rows: readonly ComparisonRow[],
  tests: readonly GroupTest[],
  fairness: readonly FairnessFinding[] = [],
  { margin = defaultMargin, acknowledged = [] }: SentenceOptions = {},
): ComparisonAnswer {
  const scored = rows
    .filter((row): row is Scored => row.valAccuracy !== null)
    .toSorted((a, b) => b.valAccuracy.estimate - a.valAccuracy.estimate);
  const leader = scored[0];
  if (leader === undefined) return untested(saySentence("compare.nothing", {}));
  const { estimate, low, high } = leader.valAccuracy;
  const alone = { name: leader.name, accuracy: percent(estimate), low: percentOrNull(low), high: percentOrNull(high) };
  if (scored.length === 1) {
    return untested(
      overfits(leader)
        ? saySentence("compare.oneOverfits", { ...alone, onset: leader.onsetEpoch })
        : saySentence("compare.one", alone),
    );
  }
  if (fairness.some(({ severity, kind }) => severity === "BAD" && !acknowledged.includes(kind)))
    return untested(saySentence("compare.notComparable", alone));
  const testOf = new Map(tests.map((test) => [test.key, test]));
  const baseline = scored.find(({ key }) => !testOf.has(key)) ?? leader;
  const overfitting = scored.find(overfits);
  if (baseline !== leader) {
    const test = testOf.get(leader.key)!;
    return { test, sentence: againstBaseline(leader, baseline, test, overfitting, margin) };
  }

  const rivals = scored.slice(1).filter(({ key }) => testOf.has(key));
  const open = rivals.filter(({ key }) => !isWorse(testOf.get(key)!));
  if (open.length === 0) {
    const next = rivals[0];
    if (next === undefined) return untested(saySentence("compare.one", alone));
    const test = turned(testOf.get(next.key)!);
    const values = { name: leader.name, other: next.name, ...shown(test), candidates: scored.length };
    const sentence = withOverfitting(scored.length === 2 ? "compare.better" : "compare.best", values, overfitting);
    return { sentence, test };
  }
  const cheapest = open
    .map((row) => ({ row, share: timeShare(row, leader) }))
    .filter(
      (candidate): candidate is { row: Scored; share: number } =>
        candidate.share !== null && candidate.share < cheaperShare,
    )
    .toSorted((a, b) => a.share - b.share)[0];
  const rival = cheapest?.row ?? open[0]!;
  const test = testOf.get(rival.key)!;
  const base = test.low >= -margin ? "compare.asGood" : "compare.undecided";
  const values = { name: rival.name, other: leader.name, ...shown(test) };
  return { sentence: withOverfitting(base, values, overfitting, cheapest?.share), test };
}

function untested(sentence: Message): ComparisonAnswer {
  return { sentence, test: null };
}

/** The baseline was chosen by hand and another row leads. */
function againstBaseline(
  leader: Scored,
  baseline: Scored,
  test: GroupTest,
  overfitting: Scored | undefined,
  margin: number,
): Message {
  const base = isWorse(turned(test))
    ? "compare.better"
    : test.low >= -margin && test.high <= margin
      ? "compare.asGood"
      : "compare.undecided";
  return withOverfitting(base, { name: leader.name, other: baseline.name, ...shown(test) }, overfitting);
}

type Values = { name: string; other: string; difference: number; low: number; high: number; candidates?: number };

function withOverfitting(base: Base, values: Values, overfitting: Scored | undefined, share?: number): Message {
  const all = { candidates: 2, ...values, share: share === undefined ? null : Math.round(share * 100) / 100 };
  const isCheaper = share !== undefined && (base === "compare.asGood" || base === "compare.undecided");
  const key = isCheaper ? (`${base}Cheaper` as const) : base;
  if (overfitting === undefined) return saySentence(key, all);
  return saySentence(`${key}Overfits`, { ...all, overfits: overfitting.name, onset: overfitting.onsetEpoch });
}

function isWorse({ adjustedPValue, high }: GroupTest): boolean {
  return adjustedPValue < significance && high < 0;
}

/** The same test seen from the other side. */
function turned(test: GroupTest): GroupTest {
  return { ...test, estimate: -test.estimate, low: -test.high, high: -test.low };
}

function overfits({ verdict, onsetEpoch }: ComparisonRow): boolean {
  return verdict === "OVERFITTING" && onsetEpoch !== null;
}

/** Part of the other's training time; null while one of the two still trains. */
function timeShare(row: ComparisonRow, other: ComparisonRow): number | null {
  if (!row.isFinished || !other.isFinished || row.trainSeconds === null || !other.trainSeconds) return null;
  return row.trainSeconds / other.trainSeconds;
}

function shown({ estimate, low, high }: GroupTest): { difference: number; low: number; high: number } {
  return { difference: percent(estimate), low: percent(low), high: percent(high) };
}

function percentOrNull(fraction: number | null): number | null {
  return fraction === null ? null : percent(fraction);
}
