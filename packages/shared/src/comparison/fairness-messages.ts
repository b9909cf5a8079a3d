import { type Speaker, speaker } from "../message/message.js";

export const fairnessMessages = {
  "fairness.differentData":
    "The runs were trained on {datasets} different sets of images: their accuracies do not compare.",
  "fairness.unknownData": "For {runs} of the runs it is not known which images they were trained on.",
  "fairness.differentSplit":
    "The runs were scored on {splits} different sets of val images: their accuracies do not compare image by image.",
  "fairness.unknownSplit":
    "For {runs} of the runs it is not known on which val images they were scored: the tests take them as independent samples.",
  "fairness.differentBudget":
    "The runs saw between {low} and {high} training images over all epochs: more training may explain a difference.",
  "fairness.differentResolution": "The runs see images of {low} to {high} pixels: resolution may explain a difference.",
  "fairness.differentPretraining":
    "The runs start from {starts} different sets of weights: pre-training may explain a difference.",
  "fairness.unknownPretraining": "For {runs} of the runs it is not known from which weights they start.",
  "fairness.differentEvaluation":
    "{logged} of the runs were evaluated by another script, which may prepare images in another way.",
  "fairness.singleSeed":
    "{runs} candidates were trained with one seed only: how much chance there is between two trainings is not known.",
  "fairness.fewSeeds":
    "{candidates} candidates were trained with two seeds: no test over seeds is made of so few. The tests speak of these trained models, image by image.",
  "fairness.unfinished": "{runs} of the runs have not finished: their figures may still change.",
  "fairness.failed": "{runs} of the runs failed: their figures stand for what they had reached.",
  "fairness.smallValidation": "{examples} val images know an accuracy of {accuracy} % only from {low} to {high} %.",
  "fairness.selectedOnValidation":
    "The best epoch was chosen on the val split that is reported: accuracies are a little too high, more so for runs with more evaluations. The test split would tell.",
} as const;

export const sayFairness: Speaker<typeof fairnessMessages> = speaker(fairnessMessages);
