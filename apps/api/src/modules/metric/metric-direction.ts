const higher = /accuracy|precision|recall|f1|auc|auroc|map|iou|top_?\d|r2|score/;
const lower = /loss|error|nll|perplexity|brier|mae|mse|rmse|ece|cross_entropy/;

/**
 * Which way a metric is better, by the last part of its key: 1 higher, −1 lower, 0 neither (a learning rate has no best value).
 * "error" is asked first: top5_error is better lower.
 */
export function metricDirection(key: string): 1 | -1 | 0 {
  const known = directions.get(key);
  if (known !== undefined) return known;
  // Asked for every column of every frame. Keys are what users make up: the cache must not grow with them.
  if (directions.size >= 10_000) directions.clear();
  const direction = directionOf(key);
  directions.set(key, direction);
  return direction;
}

const directions = new Map<string, 1 | -1 | 0>();

function directionOf(key: string): 1 | -1 | 0 {
  const name = key.slice(key.lastIndexOf("/") + 1).toLowerCase();
  if (lower.test(name)) return -1;
  return higher.test(name) ? 1 : 0;
}
