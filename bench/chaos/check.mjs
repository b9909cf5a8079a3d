import { valueAt } from "./values.mjs";

const WINDOW = 10_000;

/**
 * Holds what is stored against what the writers' journals say. `verified` (series → last step that was found good) is moved on, so that each point
 * is looked at once. Returns counts: lost (acknowledged, not stored), missing (logged, not stored although everything was drained),
 * phantom (stored, never logged), altered (another value), doubled (stored more than once, by the server's count of stored
 * points), and resent: frames that came again and were known.
 */
export async function checkStored(ask, journals, verified) {
  const counts = { lost: 0, missing: 0, phantom: 0, altered: 0, doubled: 0, resent: 0 };
  for (const { run, series, logged, acked } of journals) {
    let expected = (verified.get(series) ?? 0) + 1;
    for (let from = expected; from <= Math.max(logged, expected); from += WINDOW) {
      const { steps, values } = await readSteps(ask, run, series, from, from + WINDOW - 1);
      for (const [index, step] of steps.entries()) {
        for (; expected < step; expected++) counts[expected <= acked ? "lost" : "missing"]++;
        if (step > logged) counts.phantom++;
        if (values[index] !== valueAt(series, step)) counts.altered++;
        expected = step + 1;
      }
    }
    for (; expected <= logged; expected++) counts[expected <= acked ? "lost" : "missing"]++;
    verified.set(series, logged);
  }
  for (const run of new Set(journals.map((journal) => journal.run))) {
    const { run: found } = await ask(
      "query($id: ID!) { run(id: $id) { integrity { pointsSuperseded framesDuplicated } } }",
      { id: run },
    );
    // A point that is stored twice is shown once: the second is superseded.
    counts.doubled += Number(found.integrity.pointsSuperseded);
    counts.resent += found.integrity.framesDuplicated;
  }
  return counts;
}

/** The points of one series in a range of steps. Throws when the answer is not exact. */
export async function readSteps(ask, run, series, from, to) {
  const { metricSeries } = await ask(
    `query($runs: [ID!]!, $keys: [String!]!, $from: Step, $to: Step) {
      metricSeries(runs: $runs, keys: $keys, from: $from, to: $to, maxPoints: 10000) { exact step value }
    }`,
    { runs: [run], keys: [series], from, to },
  );
  const found = metricSeries[0];
  if (!found) return { steps: [], values: [] };
  if (!found.exact) throw new Error(`${series} from ${from} to ${to} was thinned.`);
  return { steps: column(found.step), values: column(found.value) };
}

/** A column of the API (base64 of little-endian float64) as numbers. */
export function column(text) {
  return new Float64Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
}
