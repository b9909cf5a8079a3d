import { describe, expect, it } from "vitest";
import { calibrationBins, expectedCalibrationError } from "./calibration.js";
import { classWeights } from "./class-weights.js";
import { type ClassificationScore, confusionMatrix, scoreClassification } from "./classification.js";
import { generalizationLoss, progressQuotient, stoppingEpochs, trainingProgress } from "./early-stopping.js";
import { expectClose, readCases } from "./statistics-cases.fixture.js";

describe("calibration", () => {
  const { cases, relativeTolerance } = readCases<{ confidence: number[]; correct: number[]; ece: number | null }>(
    "calibration.json",
  );
  it.each(cases)("error $ece", ({ confidence, correct, ece }) =>
    expectClose(expectedCalibrationError(confidence, correct), ece, relativeTolerance),
  );

  it("puts a value on an edge into the bin below, where its product with the bins is a rounding above", () => {
    // 0.07 · 100 = 7.000000000000001. In one bin the two errors cancel; in two they would not.
    expect(expectedCalibrationError([0.07, 0.065], [1, 0], 100)).toBeCloseTo(Math.abs(0.07 + 0.065 - 1) / 2, 12);
  });
});

describe("classification", () => {
  const { cases, relativeTolerance } = readCases<
    { truth: number[]; predicted: number[]; classes: number; confusion: number[][] } & ClassificationScore
  >("classification.json");
  it.each(cases)("accuracy $accuracy over $classes classes", ({ truth, predicted, classes, confusion, ...score }) => {
    expect(confusionMatrix(truth, predicted, classes)).toEqual(confusion);
    expectClose(scoreClassification(confusion), score, relativeTolerance);
  });

  it("refuses a class that does not exist", () => {
    expect(() => confusionMatrix([0], [3], 3)).toThrow(/3 classes/);
  });
});

describe("early stopping", () => {
  type Case = {
    valLoss: number[];
    trainLoss: number[];
    strip: number;
    alphaGL: number;
    alphaPQ: number;
    sUP: number;
    GL: number[];
    Pk: (number | null)[];
    PQ: (number | null)[];
    stopGL: number | null;
    stopPQ: number | null;
    stopUP: number | null;
  };
  const { cases, relativeTolerance } = readCases<Case>("early-stopping.json");
  it.each(cases)(
    "stops at $stopGL, $stopPQ, $stopUP",
    ({ valLoss, trainLoss, strip, alphaGL, alphaPQ, sUP, ...expected }) => {
      const GL = generalizationLoss(valLoss);
      const Pk = trainingProgress(trainLoss, strip);
      expectClose(GL, expected.GL, relativeTolerance, "GL");
      expectClose(Pk, expected.Pk, relativeTolerance, "Pk");
      expectClose(progressQuotient(GL, Pk), expected.PQ, relativeTolerance, "PQ");
      const stops = stoppingEpochs(valLoss, trainLoss, { strip, alphaGL, alphaPQ, strips: sUP });
      expect(stops).toEqual({ gl: expected.stopGL, pq: expected.stopPQ, up: expected.stopUP });
    },
  );
});

describe("class weights", () => {
  const { cases, relativeTolerance } = readCases<{ counts: number[]; beta: number; weights: (number | null)[] }>(
    "class-weights.json",
  );
  it.each(cases)("of $counts", ({ counts, beta, weights }) =>
    expectClose(classWeights(counts, beta), weights, relativeTolerance),
  );

  it("refuses beta = 1, where the weights are not defined", () => {
    expect(() => classWeights([1], 1)).toThrow(RangeError);
  });
});

it("calibrationBins counts every example once, and their gaps are the calibration error", () => {
  const confidence = [0, 0.2, 0.2001, 0.5, 0.93, 1, 1];
  const correct = [0, 1, 0, 1, 1, 1, 0];
  const bins = calibrationBins(confidence, correct);
  expect(bins.map(({ examples }) => examples)).toEqual([1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2]);
  expect(bins[1]).toEqual({ low: 1 / 15, high: 2 / 15, examples: 0, meanConfidence: null, accuracy: null });
  const gaps = bins.map(({ examples, meanConfidence, accuracy }) =>
    examples === 0 ? 0 : examples * Math.abs(meanConfidence! - accuracy!),
  );
  const error = gaps.reduce((sum, gap) => sum + gap, 0) / confidence.length;
  expect(error).toBeCloseTo(expectedCalibrationError(confidence, correct)!, 12);
});
