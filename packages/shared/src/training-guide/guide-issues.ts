import type { Message } from "../message/message.js";
import type { TrainingConfig } from "../training-config/training-config.js";
import { sayIssue } from "./issue-messages.js";

/** field: the setting that this solution changes, or null. */
export type GuideSolution = { field: keyof TrainingConfig | null; message: Message };

/** A common problem and what to do, in the order to try. */
export type GuideIssue = { id: string; name: Message; problem: Message; solutions: GuideSolution[] };

const solve = (field: GuideSolution["field"], message: Message): GuideSolution => ({ field, message });

export const guideIssues: GuideIssue[] = [
  {
    id: "overfitting",
    name: sayIssue("guide.issue.overfitting.name", {}),
    problem: sayIssue("guide.issue.overfitting.problem", {}),
    solutions: [
      solve("architecture", sayIssue("guide.solution.smallerNetwork", {})),
      solve("trainImages", sayIssue("guide.solution.moreImages", {})),
      solve("augmentation", sayIssue("guide.solution.moreAugmentation", {})),
      solve("epochs", sayIssue("guide.solution.fewerEpochs", {})),
      solve("learningRate", sayIssue("guide.solution.lowerRate", {})),
    ],
  },
  {
    id: "memory",
    name: sayIssue("guide.issue.memory.name", {}),
    problem: sayIssue("guide.issue.memory.problem", {}),
    solutions: [
      solve("batchSize", sayIssue("guide.solution.smallerBatch", {})),
      solve("imageSize", sayIssue("guide.solution.smallerImages", {})),
      solve(null, sayIssue("guide.solution.checkpointing", {})),
      solve(null, sayIssue("guide.solution.mixedPrecision", {})),
      solve("architecture", sayIssue("guide.solution.smallerNetwork", {})),
    ],
  },
  {
    id: "convergence",
    name: sayIssue("guide.issue.convergence.name", {}),
    problem: sayIssue("guide.issue.convergence.problem", {}),
    solutions: [
      solve("learningRate", sayIssue("guide.solution.higherRate", {})),
      solve("batchSize", sayIssue("guide.solution.largerBatch", {})),
      solve(null, sayIssue("guide.solution.checkLoading", {})),
      solve("trainImages", sayIssue("guide.solution.enoughData", {})),
      solve("warmupFraction", sayIssue("guide.solution.warmup", {})),
    ],
  },
  {
    id: "marginal",
    name: sayIssue("guide.issue.marginal.name", {}),
    problem: sayIssue("guide.issue.marginal.problem", {}),
    solutions: [
      solve(null, sayIssue("guide.solution.normal", {})),
      solve("trainImages", sayIssue("guide.solution.largerDataset", {})),
      solve("epochs", sayIssue("guide.solution.moreEpochs", {})),
      solve("learningRate", sayIssue("guide.solution.tryHigherRate", {})),
      solve("architecture", sayIssue("guide.solution.staySmaller", {})),
    ],
  },
];
