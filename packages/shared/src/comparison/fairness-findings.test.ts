import { describe, expect, it } from "vitest";
import { standing } from "./comparison.fixture.js";
import { fairnessFindings } from "./fairness-findings.js";

const kindsOf = (...changes: Parameters<typeof standing>[1][]) =>
  fairnessFindings(
    changes.map((change, i) => standing(`run${i}`, { group: "same", ...change })),
    "LAST",
  ).map(({ kind, severity }) => `${kind} ${severity}`);

describe("fairnessFindings", () => {
  it("finds nothing in three seeds of one config on the same images, nor in a single run", () => {
    expect(kindsOf({}, { seed: 1 }, { seed: 2 })).toEqual([]);
    expect(kindsOf({ status: "RUNNING" })).toEqual([]);
  });

  it.each<[string, Parameters<typeof standing>[1]]>([
    ["DIFFERENT_DATA BAD", { datasetHash: "data-2" }],
    ["DIFFERENT_DATA WARN", { datasetHash: null }],
    ["DIFFERENT_SPLIT BAD", { hash: "val-2" }],
    ["DIFFERENT_SPLIT BAD", { examples: 999 }],
    ["DIFFERENT_SPLIT WARN", { hash: null }],
    ["DIFFERENT_BUDGET WARN", { config: { epochs: 6, imageSize: 64 } }],
    ["DIFFERENT_BUDGET WARN", { trainImages: 900 }],
    ["DIFFERENT_RESOLUTION WARN", { config: { epochs: 5, imageSize: 96 } }],
    ["DIFFERENT_PRETRAINING WARN", { pretraining: "resnet50.a1_in1k" }],
    ["DIFFERENT_PRETRAINING WARN", { pretraining: null }],
    ["DIFFERENT_EVALUATION WARN", { origin: "LOGGED" }],
    ["UNFINISHED WARN", { status: "RUNNING" }],
    ["UNFINISHED WARN", { status: "FAILED" }],
  ])("finds %s", (expected, change) => {
    expect(kindsOf({}, { seed: 1 }, change)).toEqual([expected]);
  });

  it("warns of a small val split with the interval that it leaves", () => {
    const findings = fairnessFindings(
      [
        standing("a", { group: "g", examples: 100, correct: 85 }),
        standing("b", { group: "g", examples: 100, correct: 80 }),
        standing("c", { group: "g", examples: 100, correct: 81 }),
      ],
      "LAST",
    );
    expect(findings).toEqual([expect.objectContaining({ kind: "SMALL_VALIDATION", runs: ["a", "b", "c"] })]);
    expect(findings[0]!.message.text).toBe("100 val images know an accuracy of 85 % only from 76.7 to 90.7 %.");
  });

  it("notes that two seeds are too few for a test over seeds", () => {
    expect(kindsOf({}, { seed: 1 })).toEqual(["SINGLE_SEED INFO"]);
    const [finding] = fairnessFindings([standing("a", { group: "g" }), standing("b", { group: "g", seed: 1 })], "LAST");
    expect(finding!.message.key).toBe("fairness.fewSeeds");
  });

  it("notes a single seed and a best epoch that was chosen on what is reported, after all that is graver", () => {
    const findings = fairnessFindings(
      [standing("a"), standing("b", { datasetHash: "data-2", status: "RUNNING" })],
      "BEST",
    );
    expect(findings.map(({ kind }) => kind)).toEqual([
      "DIFFERENT_DATA",
      "UNFINISHED",
      "SINGLE_SEED",
      "SELECTED_ON_VALIDATION",
    ]);
    for (const { message } of findings) expect(message.text).not.toMatch(/[{}–]/);
  });

  it("takes one recipe of pre-training for two architectures as the same, and budgets within 5 % as equal", () => {
    expect(
      kindsOf(
        { pretraining: "resnet50.a1_in1k" },
        { pretraining: "resnet50.a1_in1k", seed: 1 },
        { architecture: "resnet18", pretraining: "resnet18.a1_in1k", trainImages: 1040 },
      ),
    ).toEqual([]);
  });
});
