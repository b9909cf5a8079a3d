import type { Context } from "../../context.js";
import { findBestEvaluation } from "../evaluation/best-evaluation.js";
import { evaluationsOfRun } from "../evaluation/evaluation.loader.js";
import { type JudgedSplit, judgedSplit } from "../evaluation/judged-split.js";
import { rankImages } from "../evaluation/rank-images.js";
import { showImages } from "../evaluation/show-images.js";
import { toEvaluation } from "../evaluation/to-evaluation.js";
import type { Run } from "../run/run.entity.js";
import type { Agreement, DisagreementArgs, Disagreements } from "./disagreements.type.js";

/** In two bits: whether the run is right, and whether the baseline is. */
const codes: Record<Agreement, number> = { BOTH_WRONG: 0, ONLY_BASELINE_RIGHT: 1, ONLY_RUN_RIGHT: 2, BOTH_RIGHT: 3 };

/** Two runs image by image. Null where one of them has no predictions, or they were not scored on the same images in the same order. */
export async function findDisagreements(
  context: Context,
  runs: { run: Run; baseline: Run },
  { runStep, baselineStep, where, ...page }: DisagreementArgs,
): Promise<Disagreements | null> {
  const [run, baseline] = await Promise.all([
    judgedVal(context, runs.run, runStep ?? null),
    judgedVal(context, runs.baseline, baselineStep ?? null),
  ]);
  if (!run || !baseline || !haveSameImages(run, baseline)) return null;
  const code = (image: number) => run.correct[image]! * 2 + baseline.correct[image]!;
  const counts = [0, 0, 0, 0];
  for (let image = 0; image < run.classes.length; image++) counts[code(image)]!++;
  const images = rankImages(run.classes.length, (image) => code(image) === codes[where], surestMistake(run, baseline));
  return {
    onlyRunRight: counts[codes.ONLY_RUN_RIGHT]!,
    onlyBaselineRight: counts[codes.ONLY_BASELINE_RIGHT]!,
    bothWrong: counts[codes.BOTH_WRONG]!,
    bothRight: counts[codes.BOTH_RIGHT]!,
    images: await showImages(context, [run, baseline], images, page),
  };
}

async function judgedVal(context: Context, run: Run, step: number | null): Promise<JudgedSplit | null> {
  const stored =
    step === null
      ? await findBestEvaluation(context, run)
      : (await context.load(evaluationsOfRun).load(run)).findLast((evaluation) => evaluation.step === step);
  return stored ? judgedSplit(context, toEvaluation(run, stored).val) : null;
}

function haveSameImages(run: JudgedSplit, baseline: JudgedSplit): boolean {
  const { imagesHash } = run.source;
  return (
    imagesHash !== null && imagesHash === baseline.source.imagesHash && run.classes.length === baseline.classes.length
  );
}

/** Of each image the highest confidence of a wrong answer; where both are right, of any. Null where none was logged. */
function surestMistake(run: JudgedSplit, baseline: JudgedSplit): Float32Array | null {
  if (!run.confidences && !baseline.confidences) return null;
  return Float32Array.from(run.correct, (isRunRight, image) => {
    const isBaselineRight = baseline.correct[image] === 1;
    const ofRun = isRunRight && !isBaselineRight ? 0 : (run.confidences?.[image] ?? 0);
    const ofBaseline = isBaselineRight && !isRunRight ? 0 : (baseline.confidences?.[image] ?? 0);
    return Math.max(ofRun, ofBaseline);
  });
}
