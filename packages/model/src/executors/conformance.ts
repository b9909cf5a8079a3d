import { describe } from "vitest";
import { describeAgreement } from "./conformance/agreement.js";
import { describeEvaluation, type EvaluationFixtureName } from "./conformance/evaluation-fixtures.js";
import { describeLosses } from "./conformance/losses.js";
import { describeOperations } from "./conformance/operations.js";
import { describeSessions } from "./conformance/sessions.js";
import { describeTraining } from "./conformance/training-fixtures.js";
import { describeTrainingOptions } from "./conformance/training-options.js";
import { describeUpdates } from "./conformance/updates.js";
import type { Executor } from "./executor.js";

export interface ConformanceOptions {
  /** Whole networks to compare with torchvision's and timm's results; the larger ones take seconds even on a fast executor. */
  readonly evaluation: readonly EvaluationFixtureName[];
  /** Compare training steps of ResNet-18 and a reduced ViT with PyTorch's. */
  readonly training: boolean;
}

/** What every executor must do, as vitest tests. Call it in the executor's test file; `open` may be called many times. */
export function describeConformance(open: () => Promise<Executor>, { evaluation, training }: ConformanceOptions): void {
  describe("operations", () => describeOperations(open));
  describe("updates", () => describeUpdates(open));
  describe("sessions", () => describeSessions(open));
  describe("losses", () => describeLosses(open));
  describe("agreement", () => describeAgreement(open));
  describe("training options", () => describeTrainingOptions(open));
  if (evaluation.length > 0) describe("evaluation", () => describeEvaluation(open, evaluation));
  if (training) describe("training", () => describeTraining(open));
}
