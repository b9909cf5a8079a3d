import { normalizeInto } from "../datasets/normalization.js";
import type { Executor } from "../executors/executor.js";
import type { TrainedModel } from "../export/trained-model.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import type { Classifier } from "./classifier.js";

/** Weights of a network of the registry, on an executor. */
export function trainedClassifier(model: TrainedModel, executor: Executor): Classifier {
  const { path, architecture, imageSize, classNames, preprocessing, values } = model;
  const normalization = { mean: preprocessing.mean, deviation: preprocessing.standardDeviation };
  return {
    path,
    network: architecture.id,
    device: executor.device,
    imageSize,
    classNames,
    preprocessing,
    async open(count) {
      const classes = classNames.length;
      const { graph, logits } = buildEvaluationGraph({ architecture, imageSize, classes, batchSize: count });
      const session = await executor.openSession([graph]);
      await session.write(values);
      return {
        async logits(images) {
          const normalised = new Float32Array(images.length);
          normalizeInto(normalised, 0, images, normalization);
          const fetch = { values: [logits], applyUpdates: false };
          const [result] = await session.run(graph, fetch, new Map([["images", normalised]]));
          return result!;
        },
        close: () => session.dispose(),
      };
    },
  };
}
