import { durationSeconds, momentText } from "./moment.js";
import { nearestName } from "./nearest-name.js";
import { printRunOperand } from "./print-run-query.js";
import { runFieldChoices, runFields } from "./run-fields.js";
import type { RunOperand, RunOperator, RunValue } from "./run-query.js";
import { sayRunQuery } from "./run-query-messages.js";
import { problemAt } from "./run-query-problem.js";
import type { RunQueryToken } from "./run-query-tokens.js";

const equality = ["=", "!="] as const;
const ordering = [...equality, ">", ">=", "<", "<="] as const;
const matching = [...equality, "~", "!~"] as const;

/** The comparisons that an operand takes; `in` goes with every one. */
export function operatorsOf(operand: RunOperand): readonly RunOperator[] {
  if (operand.kind === "config") return [...ordering, "~", "!~"];
  if (operand.kind === "metric") return ordering;
  const { type } = runFields[operand.name];
  return type === "text" || type === "texts" || type === "choice" ? matching : ordering;
}

/** The value that a word means after an operand and an operator ("=" for those of a list); throws a RunQueryError for one of another type. */
export function parseValue(token: RunQueryToken, operand: RunOperand, operator: RunOperator): RunValue {
  const text = token.pieces.map((piece) => piece.text).join("");
  const isBare = token.pieces.every((piece) => !piece.isQuoted);
  const isEquality = operator === "=" || operator === "!=";
  if (isBare && isEquality && text.toLowerCase() === "null") return { kind: "null" };
  if (operator === "~" || operator === "!~") return textValue(text);
  if (operand.kind === "metric") return numberValue(token, text, isBare, operand);
  if (operand.kind === "config") {
    if (!isEquality) return numberValue(token, text, isBare, operand);
    const number = isBare ? numberOf(text) : null;
    if (number !== null) return { kind: "number", number };
    const flag = isBare ? flags.get(text.toLowerCase()) : undefined;
    return flag === undefined ? textValue(text) : { kind: "flag", flag };
  }
  switch (runFields[operand.name].type) {
    case "text":
    case "texts":
      return textValue(text);
    case "choice":
      return choiceValue(token, text, operand);
    case "number":
      return numberValue(token, text, isBare, operand);
    case "moment":
      return momentValue(token, text, isBare, operand);
    case "duration":
      return durationValue(token, text, isBare, operand);
  }
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

// The API stores names, tags and configurations in this form.
const textValue = (text: string): RunValue => ({ kind: "text", text: text.normalize("NFC") });

/** A number, or a share in percent; null for anything else. */
function numberOf(text: string): number | null {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%?)$/i.exec(text);
  if (!match) return null;
  const number = Number(match[1]) / (match[2] ? 100 : 1);
  // −0 is 0: it prints as 0.
  return Number.isFinite(number) ? number || 0 : null;
}

function numberValue(token: RunQueryToken, value: string, isBare: boolean, operand: RunOperand): RunValue {
  const number = numberOf(value);
  if (number !== null && isBare) return { kind: "number", number };
  throw problemAt(token, sayRunQuery("runQuery.wrongNumber", { name: printRunOperand(operand), value }), {
    // Numbers in quotes are texts.
    replacement: number === null ? null : value,
    expected: { kind: "value", operand, isInList: false },
  });
}

function choiceValue(token: RunQueryToken, value: string, operand: RunOperand & { kind: "field" }): RunValue {
  const choices = runFieldChoices(operand.name);
  const choice = choices.find((known) => known.toLowerCase() === value.toLowerCase());
  if (choice !== undefined) return { kind: "text", text: choice };
  const values = { name: operand.name, value, choices: choices.join(", ") };
  // People write ResNet-50 for resnet50.
  const plain = value.replace(/[\s/-]/g, "");
  throw problemAt(token, sayRunQuery("runQuery.wrongChoice", values), {
    replacement: nearestName(plain, choices),
    expected: { kind: "value", operand, isInList: false },
  });
}

function momentValue(token: RunQueryToken, value: string, isBare: boolean, operand: RunOperand): RunValue {
  const ago = isBare && value.startsWith("-") ? durationSeconds(value.slice(1)) : null;
  if (ago !== null) return { kind: "ago", seconds: ago };
  const text = momentText(value);
  if (text !== null) return { kind: "moment", text };
  throw problemAt(token, sayRunQuery("runQuery.wrongMoment", { name: printRunOperand(operand), value }), {
    replacement: durationSeconds(value) === null ? null : `-${value}`,
    expected: { kind: "value", operand, isInList: false },
  });
}

function durationValue(token: RunQueryToken, value: string, isBare: boolean, operand: RunOperand): RunValue {
  const seconds = durationSeconds(value);
  if (seconds !== null && isBare) return { kind: "duration", seconds };
  throw problemAt(token, sayRunQuery("runQuery.wrongDuration", { name: printRunOperand(operand), value }), {
    replacement: /^\d+(\.\d+)?$/.test(value) ? `${value}s` : null,
    expected: { kind: "value", operand, isInList: false },
  });
}
