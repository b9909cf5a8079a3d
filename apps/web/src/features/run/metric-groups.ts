import { splitOf } from "@/features/metrics/metric-lines";

export interface MetricGroup {
  /** The split, `system`, or null for keys without a prefix. */
  split: string | null;
  keys: string[];
}

const order = ["train", "val", "test", "system"];

/** Metric keys by split, known splits first; `search` narrows by words that all occur in the key. */
export function metricGroups(keys: readonly string[], search: string): MetricGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string | null, string[]>();
  for (const key of [...keys].sort()) {
    if (!words.every((word) => key.toLowerCase().includes(word))) continue;
    const split = splitOf(key);
    groups.set(split, [...(groups.get(split) ?? []), key]);
  }
  const rank = (split: string | null) =>
    split === null ? order.length + 1 : (order.indexOf(split) + order.length + 1) % (order.length + 1);
  return [...groups].map(([split, found]) => ({ split, keys: found })).sort((a, b) => rank(a.split) - rank(b.split));
}
