import { type Message, type Speaker, speaker } from "../message/message.js";
import { percent } from "../message/percent.js";
import { fewestSizes, type LearningCurveFit } from "./fit-learning-curve.js";

export const learningCurveMessages = {
  "curve.tooFew": "{sizes} of {needed} sizes: too few for a curve.",
  "curve.more":
    "Twice the train images ({images}) would bring about {gain, number, ::sign-always} points ({low, number, ::sign-always} to {high, number, ::sign-always}), if the curve goes on as it has.",
  "curve.moreUnclear":
    "What twice the train images ({images}) would bring cannot be told from these runs ({low, number, ::sign-always} to {high, number, ::sign-always} points).",
  "curve.bigger":
    "The larger network brings {gain, number, ::sign-always} points ({low, number, ::sign-always} to {high, number, ::sign-always}) on the same images: {other}.",
} as const;

const say: Speaker<typeof learningCurveMessages> = speaker(learningCurveMessages);

/** Wider than this, in points, a forecast tells nobody what to do. */
const uselessWidth = 0.15;

/** What more data would be worth. `images`: train images of the largest run; `sizes`: how many sizes there are. */
export function sayMoreData(fit: LearningCurveFit | null, images: number, sizes: number): Message {
  if (fit === null) return say("curve.tooFew", { sizes, needed: fewestSizes });
  const now = fit.predict(images);
  const more = fit.predict(2 * images);
  const gain = more.estimate - now.estimate;
  // Both ends share the scale's uncertainty; what differs is the exponent's, over ln 2.
  const range = [fit.exponentInterval.low, fit.exponentInterval.high].map(
    (exponent) => (1 - now.estimate) * (1 - 2 ** -exponent),
  );
  const shown = { images: 2 * images, low: percent(Math.min(...range)), high: percent(Math.max(...range)) };
  const isUnclear = Math.max(...range) - Math.min(...range) > uselessWidth;
  return isUnclear ? say("curve.moreUnclear", shown) : say("curve.more", { ...shown, gain: percent(gain) });
}

/** What a larger network brought on the same images, by its test against this one. */
export function sayBiggerNetwork(
  other: string,
  { estimate, low, high }: { estimate: number; low: number; high: number },
): Message {
  return say("curve.bigger", { other, gain: percent(estimate), low: percent(low), high: percent(high) });
}
