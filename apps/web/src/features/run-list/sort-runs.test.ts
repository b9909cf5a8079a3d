import { describe, expect, it } from "vitest";
import { runRow } from "@/features/run-list/run-row.fixture";
import { parseSort, runSeconds, sortRuns, sortText } from "@/features/run-list/sort-runs";

const accuracy = (estimate: number) => ({
  epoch: 1,
  val: { examples: 100, accuracy: { estimate, low: null, high: null } },
});
const order = (runs: ReturnType<typeof runRow>[], sort: string) =>
  sortRuns(runs, parseSort(sort), 0).map(({ id }) => id);

describe("the order of a run table", () => {
  const runs = [
    runRow({ id: "none", createdAt: "2026-01-04T00:00:00Z" }),
    runRow({ id: "worse", bestEvaluation: accuracy(0.7), createdAt: "2026-01-01T00:00:00Z" }),
    runRow({ id: "better", bestEvaluation: accuracy(0.9), createdAt: "2026-01-02T00:00:00Z" }),
    runRow({ id: "logged", valAccuracy: { best: 0.8, bestStep: 5 }, createdAt: "2026-01-03T00:00:00Z" }),
  ];

  it("is newest first unless the address says otherwise", () => {
    expect(order(runs, "")).toEqual(["none", "logged", "better", "worse"]);
    expect(order(runs, "nonsense")).toEqual(["none", "logged", "better", "worse"]);
  });

  it("puts runs without a value last, in both directions", () => {
    expect(order(runs, "-accuracy")).toEqual(["better", "logged", "worse", "none"]);
    expect(order(runs, "accuracy")).toEqual(["worse", "logged", "better", "none"]);
  });

  it("counts numbers in names as numbers", () => {
    expect(order([runRow({ id: "run 10" }), runRow({ id: "run 9" })], "name")).toEqual(["run 9", "run 10"]);
  });

  it("comes back from the address as it went there", () => {
    for (const text of ["accuracy", "-gap"]) expect(sortText(parseSort(text))).toBe(text);
  });
});

it("counts the time of a run until now while it runs", () => {
  const started = { startedAt: "2026-01-01T00:00:00Z" };
  expect(runSeconds(runRow({ id: "a" }), 0)).toBeNull();
  expect(runSeconds(runRow({ id: "b", ...started }), Date.parse("2026-01-01T00:01:00Z"))).toBe(60);
  expect(runSeconds(runRow({ id: "c", ...started, finishedAt: "2026-01-01T00:00:05Z" }), Number.MAX_SAFE_INTEGER)).toBe(
    5,
  );
});
