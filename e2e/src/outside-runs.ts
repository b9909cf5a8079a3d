import { encodeBase64, packPredictions } from "@residual/shared";
import type { GraphQLClient } from "./graphql-client.js";

/** Val images that a judged run is scored on. */
const judgedImages = 10_000;

async function createRun(owner: GraphQLClient, experiment: string, name: string): Promise<string> {
  const { createRun: run } = await owner<{ createRun: { id: string } }>(
    "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
    { input: { experiment, name, architecture: "resnet50", config: { epochs: 8, learningRate: 3e-4 } } },
  );
  return run.id;
}

/** A run of another script that was scored on 10,000 images of ten classes, with what it took each of them for: wrong where `isWrong`. */
export async function logJudgedRun(
  owner: GraphQLClient,
  experiment: string,
  name: string,
  isWrong: (image: number) => boolean,
): Promise<string> {
  const run = await createRun(owner, experiment, name);
  const images = Array.from({ length: judgedImages }, (_, image) => image);
  const correct = Uint8Array.from(images, (image) => (isWrong(image) ? 0 : 1));
  const predictions = Uint16Array.from(images, (image) => (image + (isWrong(image) ? 1 : 0)) % 10);
  const confidences = Float32Array.from(images, (image) => 0.2 + (0.79 * (image % 997)) / 997);
  const val = {
    examples: judgedImages,
    correct: correct.reduce((sum, one) => sum + one, 0),
    meanLoss: 0.6,
    imagesHash: "the-same-ten-thousand",
    predictions: encodeBase64(packPredictions({ predictions, confidences, correct })),
  };
  await owner("mutation($input: LogEvaluationInput!) { logEvaluation(input: $input) { epoch } }", {
    input: { run, epoch: 1, step: 100, train: { examples: 1000, correct: 900, meanLoss: 0.3 }, val },
  });
  await owner("mutation($input: FinishRunInput!) { finishRun(input: $input) { id } }", { input: { id: run } });
  return run;
}

/** A run as Keras logs one, accuracies in percent: no evaluation, a gap of 26 points at the end. */
export async function logKerasRun(owner: GraphQLClient, experiment: string, name: string): Promise<string> {
  const run = await createRun(owner, experiment, name);
  const values = {
    accuracy: [40, 66, 83, 97],
    val_accuracy: [38, 58, 68, 71],
    loss: [1.8, 1.1, 0.6, 0.1],
    val_loss: [1.8, 1.3, 1.1, 1.3],
  };
  await owner("mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }", {
    input: { run, writer: "keras", seq: 1, frame: { steps: [10, 20, 30, 40], values } },
  });
  await owner("mutation($input: FinishRunInput!) { finishRun(input: $input) { id } }", { input: { id: run } });
  return run;
}
