import { describe } from "vitest";
import { describeLosses } from "../conformance/losses.js";
import { describeSessions } from "../conformance/sessions.js";
import { describeTrainingOptions } from "../conformance/training-options.js";
import { referenceExecutor } from "./reference-executor.js";

/** Its operations are judged by central differences (graph/gradient-rules.test.ts); here it must keep the rules of a session. */
describe("reference executor", () => {
  describeLosses(async () => referenceExecutor);
  describeSessions(async () => referenceExecutor);
  describeTrainingOptions(async () => referenceExecutor);
});
