import { newSecret } from "./secret.js";

/**
 * Parts of an answer that are written to the socket piece by piece, where the JSON of all the rest names them: an answer of tens of megabytes then
 * never stands in memory as text.
 */
export class StreamedParts {
  readonly #parts = new Map<string, Iterable<string>>();

  /** What stands for a part in the answer; nobody can guess it. `json`: pieces of one JSON value. */
  add(json: Iterable<string>): string {
    const name = newSecret();
    this.#parts.set(name, json);
    return name;
  }

  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }

  /** The answer's text in pieces, each part in its place. */
  *splice(text: string): Generator<string> {
    let rest = text;
    for (const [name, json] of this.#parts) {
      const [before, after] = rest.split(JSON.stringify(name), 2) as [string, string | undefined];
      // An answer that became an error names none.
      if (after === undefined) break;
      yield before;
      yield* json;
      rest = after;
    }
    yield rest;
  }
}
