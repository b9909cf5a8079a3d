/** The values of statements. Texts of users reach Postgres only through here. */
export class SqlValues {
  private readonly values: unknown[] = [];
  private readonly places = new Map<string, string>();

  /** The place of a value, as `$3::text`; the same value again has the same place. */
  add(value: unknown, type: string): string {
    const key = `${type} ${JSON.stringify(value)}`;
    const place = this.places.get(key) ?? `$${this.values.push(value)}::${type}`;
    this.places.set(key, place);
    return place;
  }

  /** A statement with those of the values that it names: Postgres takes no others. */
  bind(sql: string): { text: string; values: unknown[] } {
    const used: number[] = [];
    const text = sql.replace(/\$(\d+)(?=::)/g, (_, place: string) => {
      const index = Number(place) - 1;
      const known = used.indexOf(index);
      return `$${known < 0 ? used.push(index) : known + 1}`;
    });
    return { text, values: used.map((index) => this.values[index]) };
  }
}

/** A text as part of a LIKE pattern with % and _ as themselves, in small letters: `~` asks for it anywhere. */
export function containsPattern(text: string): string {
  // As lower(… COLLATE "C") does, on every server.
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `%${folded.replace(/[\\%_]/g, "\\$&")}%`;
}
