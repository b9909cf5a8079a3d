import { holmAdjust } from "../statistics/holm.js";
import type { StandingRun } from "./compared-run.js";
import { compareIndependent, comparePaired, compareSeeds, type DifferenceTest } from "./difference-test.js";
import type { RunGroup } from "./group-runs.js";

/** A row tested against the baseline. run and baseline: ids of the first runs of the two groups. */
export type GroupTest = DifferenceTest & { key: string; run: string; baseline: string; adjustedPValue: number };

/** Every row but the baseline against it, p-values adjusted by Holm over all of them. A row without evaluation has no test. */
export function testGroups(groups: readonly RunGroup[], baseline: RunGroup): GroupTest[] {
  const tests = groups.flatMap((group) => {
    const test = group === baseline ? null : testGroup(group.members, baseline.members);
    return test === null
      ? []
      : [{ ...test, key: group.key, run: group.members[0]!.run.id, baseline: baseline.members[0]!.run.id }];
  });
  const adjusted = holmAdjust(tests.map(({ pValue }) => pValue));
  return tests.map((test, i) => ({ ...test, adjustedPValue: adjusted[i] ?? test.pValue }));
}

/** Two runs a side cannot tell a difference from chance: their t-test has one or two degrees of freedom. */
export const fewestSeeds = 3;

/** Over seeds where both sides have at least three; else the median run of each side, image by image. */
function testGroup(members: readonly StandingRun[], baseline: readonly StandingRun[]): DifferenceTest | null {
  const run = scored(members);
  const other = scored(baseline);
  if (run.length === 0 || other.length === 0) return null;
  const overSeeds = run.length >= fewestSeeds && other.length >= fewestSeeds ? testSeeds(run, other) : null;
  return overSeeds ?? testImages(medianRun(run), medianRun(other));
}

type ScoredRun = StandingRun & { evaluation: NonNullable<StandingRun["evaluation"]> };

function scored(members: readonly StandingRun[]): ScoredRun[] {
  return members.filter(
    (member): member is ScoredRun => member.evaluation !== null && member.evaluation.val.examples > 0,
  );
}

function testSeeds(run: readonly ScoredRun[], baseline: readonly ScoredRun[]): DifferenceTest | null {
  const bySeed = new Map(baseline.map((member) => [member.run.seed, member]));
  const partners = run.map((member) => (member.run.seed === null ? undefined : bySeed.get(member.run.seed)));
  const sharesSeeds =
    run.length === baseline.length && new Set(partners).size === run.length && !partners.includes(undefined);
  const others = sharesSeeds ? partners.filter((partner) => partner !== undefined) : baseline;
  return compareSeeds(run.map(accuracy), others.map(accuracy), sharesSeeds);
}

function testImages(run: ScoredRun, baseline: ScoredRun): DifferenceTest | null {
  const hash = run.evaluation.valImagesHash;
  const sameImages = hash !== null && hash === baseline.evaluation.valImagesHash;
  const paired =
    sameImages && run.valCorrect && baseline.valCorrect ? comparePaired(run.valCorrect, baseline.valCorrect) : null;
  return paired ?? compareIndependent(run.evaluation.val, baseline.evaluation.val);
}

function medianRun(members: readonly ScoredRun[]): ScoredRun {
  return [...members].sort((a, b) => accuracy(a) - accuracy(b))[Math.floor((members.length - 1) / 2)]!;
}

function accuracy({ evaluation }: ScoredRun): number {
  return evaluation.val.correct / evaluation.val.examples;
}
