import { expect, it } from "vitest";
import type { EvaluatedEvent } from "./training-event.js";
import { TrainingState } from "./training-state.js";

function evaluated(state: TrainingState, step: number, meanLoss: number): void {
  const val = { correct: 1, examples: 2, meanLoss };
  state.evaluated({ type: "evaluated", step, epoch: step, train: val, val } as unknown as EvaluatedEvent);
}

it("a val loss that is lower by less than a thousandth is no gain: noise would keep a run from ever stopping early", () => {
  const state = new TrainingState(0);
  evaluated(state, 1, 1);
  evaluated(state, 2, 0.9995);
  expect(state).toMatchObject({ lowestLoss: 1, lowestLossStep: 1, evaluationsWithoutGain: 1 });
  evaluated(state, 3, 0.998);
  expect(state).toMatchObject({ lowestLoss: 0.998, lowestLossStep: 3, evaluationsWithoutGain: 0 });
});
