const token = /[\p{L}\p{N}]+/gu;
const isInWord = /^[\p{L}\p{N}]/u;

/**
 * Finds words and phrases in texts: whole ones, in any case, the longest first. By their first words, not as one regular expression: of ten thousand
 * that takes seconds to compile, and nobody else is served meanwhile.
 */
export class KnownWords {
  readonly #byFirst = new Map<string, string[]>();

  constructor(words: readonly string[]) {
    for (const word of words) {
      const phrase = word.toLowerCase().replace(/^[^\p{L}\p{N}]+/u, "");
      const first = phrase.match(token)?.[0];
      if (first === undefined) continue;
      const known = this.#byFirst.get(first) ?? [];
      known.push(phrase);
      this.#byFirst.set(first, known);
    }
    for (const known of this.#byFirst.values()) known.sort((a, b) => b.length - a.length);
  }

  /** The text with `mark` for each word that is known. */
  replace(text: string, mark: string): string {
    const lower = text.toLowerCase();
    // Of a few letters the small one is longer: then the places are those of the small text.
    const shown = lower.length === text.length ? text : lower;
    let result = "";
    let end = 0;
    for (const { 0: word, index } of lower.matchAll(token)) {
      if (index < end) continue;
      const phrase = this.#byFirst.get(word)?.find((one) => isAt(lower, one, index));
      if (phrase === undefined) continue;
      result += shown.slice(end, index) + mark;
      end = index + phrase.length;
    }
    return end === 0 ? text : result + shown.slice(end);
  }
}

function isAt(text: string, phrase: string, index: number): boolean {
  return text.startsWith(phrase, index) && !isInWord.test(text.slice(index + phrase.length, index + phrase.length + 2));
}
