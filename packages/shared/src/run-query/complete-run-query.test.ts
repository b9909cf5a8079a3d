import { expect, test } from "vitest";
import { type CompletionVocabulary, completeRunQuery } from "./complete-run-query.js";

const vocabulary: CompletionVocabulary = {
  metricKeys: ["val/accuracy", "train/loss"],
  configPaths: ["config.optimizer", "config.learningRate"],
  tags: ["baseline", "two words"],
  experiments: ["Which backbone?"],
  datasets: [],
};

/** The caret stands at |. */
const offered = (text: string) => {
  const caret = text.indexOf("|");
  const { offset, completions } = completeRunQuery(text.replace("|", ""), caret, vocabulary);
  return { offset, texts: completions.map((one) => one.text) };
};

test.each<[string, number, string[]]>([
  ["arch|", 0, ["architecture"]],
  ["acc|", 0, ["val/accuracy@best", "val/accuracy@last", "val/accuracy@min", "val/accuracy@max"]],
  ["learn|", 0, ["config.learningRate"]],
  ["status |", 7, ["=", "!=", "~", "!~", "in", "not in"]],
  ["status!|", 6, ["!=", "!~"]],
  ["status = R|", 9, ["RUNNING"]],
  ["status = RUNNING |", 17, ["and", "or"]],
  ["status in (FINISHED, ST|", 21, ["STOPPED"]],
  ["(status = RUNNING and tag = |", 28, ["baseline", '"two words"', "null"]],
  ['experiment = "wh|', 13, ['"Which backbone?"']],
  ["(tag = a |", 9, ["and", "or"]],
  ["nonsense! |", 10, []],
])("offers what can stand at the caret: %s", (text, offset, texts) => {
  const found = offered(text);
  expect(found.offset).toBe(offset);
  expect(found.texts.slice(0, Math.max(texts.length, 1))).toEqual(texts);
});
