/** Postgres refuses a payload of 8,000 bytes; the sender's mark comes on top. */
const payloadBytes = 7_900;
/** What is more is not worth telling one by one: whoever hears it looks at everything in one query. */
const maxPayloads = 16;

/** Lines that wait to be sent, each once. Bounded: too many become one that says "look at everything". */
export class Outbox {
  readonly #lines = new Set<string>();
  #bytes = 0;
  /** Where lines were given up: since when (performance.now()). */
  #lostSince: number | null = null;

  get isEmpty(): boolean {
    return this.#lines.size === 0 && this.#lostSince === null;
  }

  /** Lines are ASCII, and one is far shorter than a payload. */
  add(line: string): void {
    if (this.#lines.has(line)) return;
    this.#lines.add(line);
    this.#bytes += line.length + 1;
    if (this.#bytes > maxPayloads * payloadBytes) this.lose(performance.now());
  }

  /** Gives up what waits. What was told since then may not have been heard. */
  lose(since: number): void {
    this.#lines.clear();
    this.#bytes = 0;
    this.#lostSince = Math.min(since, this.#lostSince ?? since);
  }

  /** Empties the outbox into payloads below 7,900 bytes. */
  take(): string[] {
    const payloads: string[] = [];
    let payload = "";
    if (this.#lostSince !== null) payload = lookLine((performance.now() - this.#lostSince) / 1_000);
    for (const line of this.#lines) {
      if (payload.length + 1 + line.length > payloadBytes) {
        payloads.push(payload);
        payload = "";
      }
      payload += payload === "" ? line : `\n${line}`;
    }
    if (payload !== "") payloads.push(payload);
    this.#lines.clear();
    this.#bytes = 0;
    this.#lostSince = null;
    return payloads;
  }
}

function lookLine(seconds: number): string {
  return `look ${Math.ceil(seconds)}`;
}

/** The seconds of a line that says "look at everything", or null for any other. */
export function lookSeconds(line: string): number | null {
  const match = /^look (\d{1,9})$/.exec(line);
  return match ? Number(match[1]) : null;
}
