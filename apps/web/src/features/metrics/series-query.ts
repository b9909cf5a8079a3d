import type { HistoryRequest } from "./series-store";

/** The GraphQL request behind a chart, ready to paste into a notebook or a terminal. */
export function seriesQuery({ runs, keys, from, to, maxPoints }: HistoryRequest): string {
  const range = `${from === undefined ? "" : `, from: ${from}`}${to === undefined ? "" : `, to: ${to}`}`;
  return `query {
  metricSeries(runs: ${JSON.stringify(runs)}, keys: ${JSON.stringify(keys)}${range}, maxPoints: ${maxPoints}) {
    run
    key
    count
    exact
    step
    time
    value
    min
    max
  }
}
`;
}
