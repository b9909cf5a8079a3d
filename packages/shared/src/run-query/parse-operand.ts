import { nearestName } from "./nearest-name.js";
import { printMetricKey, printText } from "./print-run-query.js";
import { runFieldNames, runFieldOf } from "./run-fields.js";
import { metricSummaries, type RunOperand } from "./run-query.js";
import { sayRunQuery } from "./run-query-messages.js";
import { problemAt } from "./run-query-problem.js";
import type { RunQueryToken, WordPiece } from "./run-query-tokens.js";

/** What is known of the project's runs, for suggestions. */
export interface RunQueryVocabulary {
  readonly metricKeys?: readonly string[];
}

const expected = { kind: "operand" } as const;

/** The operand that a word names; throws a RunQueryError that suggests the nearest one. */
export function parseOperand(token: RunQueryToken, { metricKeys = [] }: RunQueryVocabulary): RunOperand {
  const first = token.pieces[0]!;
  const last = token.pieces.at(-1)!;
  if (!first.isQuoted && /^(config|params)\./i.test(first.text)) return { kind: "config", path: pathOf(token) };
  if (!last.isQuoted && last.text.includes("@")) return metricOf(token, last);
  const word = token.pieces.map(({ text }) => text).join("");
  const field = first.isQuoted ? null : runFieldOf(word);
  if (field) return { kind: "field", name: field };
  if (metricKeys.includes(word) || word.includes("/")) {
    const key = metricKeys.includes(word) ? word : (nearestName(word, metricKeys) ?? word);
    const replacement = `${printMetricKey(key)}@best`;
    throw problemAt(token, sayRunQuery("runQuery.needsSummary", { name: word }), { replacement, expected });
  }
  const metric = nearestName(word, metricKeys);
  const near =
    nearestName(word, [...runFieldNames, "config"]) ?? (metric === null ? null : `${printMetricKey(metric)}@best`);
  throw problemAt(token, sayRunQuery("runQuery.unknownField", { name: word }), {
    replacement: near === "config" ? "config." : (near ?? `name ~ ${printText(word)}`),
    expected,
  });
}

/** The path behind `config.`: names between dots, quoted ones with any sign in them. */
function pathOf(token: RunQueryToken): string[] {
  const path: string[] = [];
  const problem = () => problemAt(token, sayRunQuery("runQuery.emptyPath", {}), { expected });
  let isOpen = true;
  for (const [i, piece] of token.pieces.entries()) {
    if (piece.isQuoted) {
      if (!isOpen) throw problem();
      path.push(piece.text);
      isOpen = false;
      continue;
    }
    const parts = piece.text.split(".").slice(i === 0 ? 1 : 0);
    for (const [j, part] of parts.entries()) {
      if (j > 0 && isOpen) throw problem();
      if (j > 0) isOpen = true;
      if (part === "") continue;
      if (!isOpen) throw problem();
      path.push(part);
      isOpen = false;
    }
  }
  if (isOpen || path.length === 0) throw problem();
  return path;
}

function metricOf(token: RunQueryToken, last: WordPiece): RunOperand {
  const at = last.text.lastIndexOf("@");
  const key =
    token.pieces
      .slice(0, -1)
      .map(({ text }) => text)
      .join("") + last.text.slice(0, at);
  const word = last.text.slice(at + 1);
  const summary = metricSummaries.find((name) => name === word.toLowerCase());
  if (summary && key !== "") return { kind: "metric", key, summary };
  const place = word === "" ? token : { offset: token.offset + token.length - word.length, length: word.length };
  const nearest = nearestName(word, metricSummaries) ?? "best";
  const replacement = key === "" ? null : word === "" ? `${printMetricKey(key)}@${nearest}` : nearest;
  throw problemAt(place, sayRunQuery("runQuery.unknownSummary", { name: word }), { replacement, expected });
}
