import { sayRunQuery } from "./run-query-messages.js";
import { problemAt } from "./run-query-problem.js";

/** Part of a word: as it was typed, or what stood between quotes. */
export type WordPiece = { readonly text: string; readonly isQuoted: boolean };

/**
 * Quoted and bare pieces that touch are one word: `config."my key".x`. text is the token as it was typed; offset and length count UTF-16
 * units, as an editor does.
 */
export type RunQueryToken = {
  readonly kind: "word" | "operator" | "(" | ")" | "," | "end";
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  readonly pieces: readonly WordPiece[];
};

const space = /\s+/y;
const operator = /!~|!=|>=|<=|==|=|~|>|</y;
const bare = /[^\s()",=!<>~]+/y;
const quoted = /"((?:[^"\\]|\\.)*)"/sy;

/** The tokens of a query, an `end` last. Throws a RunQueryError for a quote that is never closed and a sign that means nothing. */
export function runQueryTokens(text: string): RunQueryToken[] {
  const tokens: RunQueryToken[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const add = (kind: RunQueryToken["kind"], offset: number, pieces: readonly WordPiece[] = []) => {
    tokens.push({ kind, text: text.slice(offset, at), offset, length: at - offset, pieces });
  };
  while (at < text.length) {
    if (match(space)) continue;
    const offset = at;
    const sign = text[at]!;
    if (sign === "(" || sign === ")" || sign === ",") {
      at++;
      add(sign, offset);
    } else if (match(operator)) add("operator", offset);
    else {
      const pieces = wordPieces(match);
      if (text[at] === '"')
        throw problemAt({ offset: at, length: text.length - at }, sayRunQuery("runQuery.unclosedQuote", {}), {
          replacement: `${text.slice(at).replace(/\\$/, "")}"`,
        });
      if (pieces.length === 0)
        throw problemAt({ offset, length: 1 }, sayRunQuery("runQuery.unexpected", { text: sign }));
      add("word", offset, pieces);
    }
  }
  add("end", at);
  return tokens;
}

function wordPieces(match: (pattern: RegExp) => RegExpExecArray | null): WordPiece[] {
  const pieces: WordPiece[] = [];
  for (;;) {
    const word = match(bare);
    if (word) pieces.push({ text: word[0], isQuoted: false });
    const string = match(quoted);
    if (string) pieces.push({ text: string[1]!.replace(/\\(.)/gs, "$1"), isQuoted: true });
    if (!word && !string) return pieces;
  }
}

/** Text between quotes that reads back as it was. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** Words of the language, which a bare value cannot be. */
export const keywords: ReadonlySet<string> = new Set(["and", "or", "not", "in", "null", "true", "false"]);
