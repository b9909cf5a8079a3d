import { type Speaker, speaker } from "../message/message.js";

// Each sentence comes twice: alone, and with a candidate that overfits.
export const sentenceMessages = {
  "compare.nothing": "Nothing to compare yet: no run has been evaluated.",
  "compare.one": "{name} reaches {accuracy} % val accuracy ({low} to {high}).",
  "compare.oneOverfits": "{name} reaches {accuracy} % val accuracy ({low} to {high}); it overfits from epoch {onset}.",
  "compare.notComparable":
    "The runs were scored on different images: which is best cannot be said. The highest accuracy is {name}’s, {accuracy} % ({low} to {high}).",
  "compare.better":
    "{name} is better than {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}).",
  "compare.betterOverfits":
    "{name} is better than {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}); {overfits} overfits from epoch {onset}.",
  "compare.best":
    "{name} is the best of {candidates} here: {difference, number, ::sign-always} points ({low, number, ::sign-always} to {high, number, ::sign-always}) before {other}, the next.",
  "compare.bestOverfits":
    "{name} is the best of {candidates} here: {difference, number, ::sign-always} points ({low, number, ::sign-always} to {high, number, ::sign-always}) before {other}, the next; {overfits} overfits from epoch {onset}.",
  "compare.asGood":
    "{name} is as good as {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}).",
  "compare.asGoodOverfits":
    "{name} is as good as {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}); {overfits} overfits from epoch {onset}.",
  "compare.asGoodCheaper":
    "{name} is as good as {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}) at {share} of the time.",
  "compare.asGoodCheaperOverfits":
    "{name} is as good as {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}) at {share} of the time; {overfits} overfits from epoch {onset}.",
  "compare.undecided":
    "{name} and {other} cannot be told apart here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}).",
  "compare.undecidedOverfits":
    "{name} and {other} cannot be told apart here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}); {overfits} overfits from epoch {onset}.",
  "compare.undecidedCheaper":
    "{name} cannot be told apart from {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}) and takes {share} of the time.",
  "compare.undecidedCheaperOverfits":
    "{name} cannot be told apart from {other} here ({difference, number, ::sign-always} points, {low, number, ::sign-always} to {high, number, ::sign-always}) and takes {share} of the time; {overfits} overfits from epoch {onset}.",
} as const;

export const saySentence: Speaker<typeof sentenceMessages> = speaker(sentenceMessages);
