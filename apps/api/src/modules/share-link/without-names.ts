import type { MetricPair } from "@residual/shared";
import { Run } from "../run/run.entity.js";
import type { Anonymizer } from "./anonymizer.js";

/** The run without what names people, machines and folders. What withoutPaths leaves of the publisher of its first weights goes, too. */
export function withoutNames(run: Run, anonymizer: Anonymizer): Run {
  const { config, initialWeights, progress } = run;
  const text = (value: string) => anonymizer.text(value);
  return Object.assign(new Run(), run, {
    name: text(run.name),
    tags: run.tags.map(text),
    config: anonymizer.config(
      typeof config.initialWeights === "string"
        ? { ...config, initialWeights: withoutPublisher(config.initialWeights) }
        : config,
    ),
    gapPairs: run.gapPairs && {
      accuracy: shownPair(run.gapPairs.accuracy, anonymizer),
      loss: shownPair(run.gapPairs.loss, anonymizer),
    },
    progress: progress && { ...progress, phase: text(progress.phase) },
    initialWeights: initialWeights && {
      ...initialWeights,
      source: text(withoutPublisher(initialWeights.source)),
      layout: initialWeights.layout == null ? null : text(initialWeights.layout),
      replaced: initialWeights.replaced.map(text),
      resized: initialWeights.resized.map(text),
    },
  });
}

function shownPair(pair: MetricPair | null, anonymizer: Anonymizer): MetricPair | null {
  return pair && anonymizer.showsKey(pair.train) && anonymizer.showsKey(pair.val) ? pair : null;
}

function withoutPublisher(source: string): string {
  return source.replace(/^.*\//, "");
}
