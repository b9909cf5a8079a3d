import { createHmac } from "node:crypto";
import { isIdentifyingKey } from "./identifying-words.js";
import { KnownWords } from "./known-words.js";

const hidden = "•••";

/** What looks like an address of somebody or something, whoever it is. */
const addresses = [
  // Mail, and user@host:path as git writes its remotes.
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*(?::[^\s"'<>]*)?/gu,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi,
  /\b[a-z]:[\\/][^"'<>|\n]*/gi,
  /\\\\[^\s"'<>|]+/g,
  // Absolute paths of two parts or more, and paths from somebody's home on.
  /(?<![\p{L}\p{N}_.~/-])(?:~[\w.-]*(?:\/[^\s"'<>/,;)]+)+|(?:\/[^\s"'<>/,;)]+){2,}\/?)/gu,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b/gi,
  /(?<![\p{L}\p{N}.-])(?:[\p{L}\p{N}-]+\.)+(?:local|internal|intranet|lan|corp|home|localdomain|example|com|org|net|edu|gov|mil|io|ai|dev|cloud|de|uk|fr|nl|ch|at|eu|us|jp|cn)(?![\p{L}\p{N}])/giu,
];

/** Three parts or more: no metric of a split reads so. */
const relativePath = /[\w.~-]+(?:[\\/][\w.~-]+){2,}/g;

const splitMetric = /^(?:train|val|test)\/[\w-]+$/;

/**
 * Takes out of texts what would tell who is behind them. `words`: what is known to (identifying-words.ts). `key`: makes the same hidden text the
 * same everywhere behind one link, and tells nobody what it was.
 */
export class Anonymizer {
  readonly #words: KnownWords;

  constructor(
    words: readonly string[],
    private readonly key: Buffer,
  ) {
    this.#words = new KnownWords(words);
  }

  /** A text that people wrote, with ••• for what names somebody or some place. */
  text(text: string): string {
    return this.#known(text, [...addresses, relativePath]);
  }

  /** Whether a name that is asked by, as that of a metric, can be shown. */
  showsKey(key: string): boolean {
    return this.#known(key, addresses) === key;
  }

  /** In place of a whole text: the same for the same. */
  alias(text: string): string {
    return `${hidden} ${createHmac("sha256", this.key).update(text).digest("hex").slice(0, 4)}`;
  }

  /** A config: numbers and settings stay; paths, addresses, names, and whatever stands under a key that says who or where, become aliases. */
  config(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return this.#group(config, false);
  }

  #group(group: Readonly<Record<string, unknown>>, isIdentifying: boolean): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(group).map(([key, value]) => [
        this.showsKey(key) ? key : this.alias(key),
        this.#value(value, isIdentifying || isIdentifyingKey(key)),
      ]),
    );
  }

  #value(value: unknown, isIdentifying: boolean): unknown {
    if (typeof value === "string") return isIdentifying || !this.#isSetting(value) ? this.alias(value) : value;
    if (Array.isArray(value)) return value.map((one) => this.#value(one, isIdentifying));
    if (typeof value !== "object" || value === null) return value;
    return this.#group(value as Record<string, unknown>, isIdentifying);
  }

  #isSetting(value: string): boolean {
    if (splitMetric.test(value)) return true;
    return !/[\\/]/.test(value) && this.text(value) === value;
  }

  #known(text: string, patterns: readonly RegExp[]): string {
    let left = text;
    for (const pattern of patterns) left = left.replace(pattern, hidden);
    return this.#words.replace(left, hidden);
  }
}
