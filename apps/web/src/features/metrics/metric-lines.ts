/** What a chart can be asked for: a pair of splits by its plain name, or any metric key. */
export type ChartMetric = "accuracy" | "loss" | "throughput" | (string & {});

/** How a line is drawn says its split; its colour says its run. */
export type LineStyle = "solid" | "dashed" | "dotted" | "faint";

export interface MetricLine {
  /** Residual's own name of what the line draws. */
  key: string;
  style: LineStyle;
  /** What other trainers have other names for (see run-keys). */
  role?: { metric: "accuracy" | "loss"; split: "train" | "val" };
}

function splitLines(metric: "accuracy" | "loss"): MetricLine[] {
  return [
    { key: `train/${metric}`, style: "solid", role: { metric, split: "train" } },
    { key: `val/${metric}`, style: "dashed", role: { metric, split: "val" } },
  ];
}

const named: Record<string, MetricLine[]> = {
  accuracy: splitLines("accuracy"),
  loss: splitLines("loss"),
  throughput: [{ key: "system/images_per_second", style: "solid" }],
};

/** The running metrics come with every batch and fill the time between two evaluations; they are never subtracted from anything. */
const running: Record<string, MetricLine> = {
  accuracy: { key: "train/running_accuracy", style: "faint" },
  loss: { key: "train/running_loss", style: "faint" },
};

const manyRuns = 3;

/** The lines of a chart for one run. The running metric is drawn faintly while the runs are few enough to be told apart. */
export function linesOf(metric: ChartMetric, runCount: number): MetricLine[] {
  const lines = named[metric] ?? [{ key: metric, style: styleOfSplit(metric) }];
  const live = running[metric];
  return live && runCount <= manyRuns ? [...lines, live] : lines;
}

/** The split of a key `split/name`, or null for a key without one. */
export function splitOf(key: string): string | null {
  const slash = key.indexOf("/");
  return slash > 0 ? key.slice(0, slash) : null;
}

function styleOfSplit(key: string): LineStyle {
  const split = splitOf(key);
  if (split === "val") return "dashed";
  return split === "test" ? "dotted" : "solid";
}

/** How values of a metric are written: shares of one in per cent, bytes in binary units, everything else as a number. */
export type ValueUnit = "share" | "bytes" | "number";

export function unitOf(metric: ChartMetric): ValueUnit {
  if (metric === "accuracy" || /(^|\/)([a-z_]*_)?(accuracy|acc|top1|precision|recall|f1)$/.test(metric)) return "share";
  return metric.endsWith("_bytes") ? "bytes" : "number";
}
