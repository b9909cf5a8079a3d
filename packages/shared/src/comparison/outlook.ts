import type { Message } from "../message/message.js";
import { type Speaker, speaker } from "../message/message.js";
import type { ComparisonAnswer } from "./comparison-sentence.js";

export const outlookMessages = {
  "outlook.seeds": "A difference of this size would show with {more} more seeds on each side (80 % power).",
  "outlook.manySeeds": "Not even a thousand seeds on each side would show a difference of this size.",
  "outlook.images":
    "A difference of this size would show on about {needed} val images instead of {examples} (80 % power).",
  "outlook.none": "No difference was seen at all: more of the same evidence would show none of practical size.",
} as const;

const say: Speaker<typeof outlookMessages> = speaker(outlookMessages);

/**
 * What it would take to tell apart what a sentence leaves undecided, if the true difference is the one observed. An answer, not a promise: a
 * difference that was observed too large by chance will need more.
 */
export function sayOutlook({ sentence, test }: ComparisonAnswer): Message | null {
  if (test === null || !sentence.key.startsWith("compare.undecided")) return null;
  const { method, examples, neededExamples, estimate } = test;
  if (estimate === 0) return say("outlook.none", {});
  const isOverSeeds = method === "PAIRED_T" || method === "WELCH_T";
  if (neededExamples === null) return isOverSeeds ? say("outlook.manySeeds", {}) : null;
  if (isOverSeeds) return say("outlook.seeds", { more: Math.max(1, neededExamples - examples) });
  return say("outlook.images", { needed: roundUp(Math.max(neededExamples, examples + 1)), examples });
}

/** To two digits: the estimate behind it is no better known. */
function roundUp(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / unit) * unit;
}
