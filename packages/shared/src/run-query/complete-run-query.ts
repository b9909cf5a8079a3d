import { parseRunQuery } from "./parse-run-query.js";
import { operatorsOf } from "./parse-value.js";
import { printMetricKey, printText } from "./print-run-query.js";
import { runFieldChoices, runFieldNames, runFields } from "./run-fields.js";
import { metricSummaries, type RunOperand } from "./run-query.js";
import type { RunQueryExpectation } from "./run-query-problem.js";

/** What the project's runs have, to be offered while somebody types. */
export interface CompletionVocabulary {
  readonly metricKeys: readonly string[];
  /** As a query writes them, `config.optimizer` and so on. */
  readonly configPaths: readonly string[];
  readonly tags: readonly string[];
  readonly experiments: readonly string[];
  readonly datasets: readonly string[];
}

export type RunQueryCompletion = {
  readonly kind: "field" | "config" | "metric" | "operator" | "value" | "join";
  readonly text: string;
};

/** What can stand at the caret: each text replaces the characters from `offset` to the caret. */
export interface RunQueryCompletions {
  readonly offset: number;
  readonly completions: readonly RunQueryCompletion[];
}

const maxCompletions = 12;

/** What can be typed where the caret stands: what begins like the word before it first, then what contains it. */
export function completeRunQuery(text: string, caret: number, vocabulary: CompletionVocabulary): RunQueryCompletions {
  const before = text.slice(0, caret);
  const word = /(?:[^\s()",=!<>~]|"(?:[^"\\]|\\.)*"?)*$/.exec(before)![0];
  const sign = word === "" ? /[!<>=~]+$/.exec(before)?.[0] : undefined;
  // `status!` is the beginning of `status !=`.
  const typed = sign === "!" ? sign : word;
  const offset = caret - typed.length;
  const expected = expectationAt(before.slice(0, offset));
  if (!expected) return { offset, completions: [] };
  const wanted = typed.replace(/"/g, "").toLowerCase();
  const all = completionsFor(expected, vocabulary);
  const starts = all.filter((one) => plain(one).startsWith(wanted));
  const contains = all.filter((one) => !plain(one).startsWith(wanted) && plain(one).includes(wanted));
  const found = [...starts, ...contains].filter((one) => one.text !== typed);
  return { offset, completions: found.slice(0, maxCompletions) };
}

const plain = ({ text }: RunQueryCompletion): string => text.replace(/"/g, "").toLowerCase();

function expectationAt(text: string): RunQueryExpectation | null {
  const { query, problem } = parseRunQuery(text);
  if (problem === null) return query === null ? { kind: "operand" } : { kind: "join" };
  // Only what is missing at the end is a question of the caret; a mistake before it is another matter.
  const isOpen = problem.message.key === "runQuery.unclosedParenthesis";
  return isOpen || problem.offset >= text.trimEnd().length ? problem.expected : null;
}

function completionsFor(expected: RunQueryExpectation, vocabulary: CompletionVocabulary): RunQueryCompletion[] {
  switch (expected.kind) {
    case "operand":
      return [
        ...runFieldNames.map((text) => ({ kind: "field" as const, text })),
        ...vocabulary.metricKeys.flatMap((key) =>
          metricSummaries.map((summary) => ({ kind: "metric" as const, text: `${printMetricKey(key)}@${summary}` })),
        ),
        ...vocabulary.configPaths.map((text) => ({ kind: "config" as const, text })),
        { kind: "join", text: "not" },
      ];
    case "operator":
      return [...operatorsOf(expected.operand), "in", "not in"].map((text) => ({ kind: "operator", text }));
    case "value":
      return valuesFor(expected.operand, vocabulary).map((text) => ({ kind: "value", text }));
    case "join":
      return ["and", "or"].map((text) => ({ kind: "join", text }));
  }
}

function valuesFor(operand: RunOperand, vocabulary: CompletionVocabulary): readonly string[] {
  if (operand.kind === "metric") return ["0.9", "90%", "null"];
  if (operand.kind === "config") return ["true", "false", "null"];
  switch (operand.name) {
    case "tag":
      return [...vocabulary.tags.map(printText), "null"];
    case "experiment":
      return vocabulary.experiments.map(printText);
    case "dataset":
      return [...vocabulary.datasets.map(printText), "null"];
    default: {
      const { type } = runFields[operand.name];
      if (type === "choice") return runFieldChoices(operand.name);
      if (type === "moment") return ["-1d", "-7d", "-30d"];
      return type === "duration" ? ["10m", "1h", "1d"] : [];
    }
  }
}
