/** What a template's holes stand for in one key: numbers by their letter, and the tensor's own name under `*`. */
type Holes = ReadonlyMap<string, string | number>;

/**
 * A pattern of tensor names that reads and writes: `{i}` is a number, `{i+1}` the same number plus one, `*` the last part of a name
 * (weight, bias, running_mean …). So `layer{s+1}.{b}.bn{i+1}.*` and `encoder.stages.{s}.layers.{b}.layer.{i}.normalization.*` translate
 * into each other.
 */
export class KeyTemplate {
  private readonly holes: readonly { readonly letter: string; readonly plus: number }[];
  private readonly pattern: RegExp;

  constructor(private readonly text: string) {
    const holes: { letter: string; plus: number }[] = [];
    const source = text.replaceAll(".", "\\.").replaceAll(HOLE, (_, letter?: string, plus?: string) => {
      holes.push({ letter: letter ?? "*", plus: plus === undefined ? 0 : 1 });
      return letter === undefined ? "(\\w+)" : "(\\d{1,6})";
    });
    this.holes = holes;
    this.pattern = new RegExp(`^${source}$`);
  }

  match(key: string): Holes | undefined {
    const found = this.pattern.exec(key);
    if (!found) return undefined;
    return new Map(
      this.holes.map(({ letter, plus }, index) => {
        const text = found[index + 1]!;
        return [letter, letter === "*" ? text : Number(text) - plus];
      }),
    );
  }

  fill(holes: Holes): string {
    return this.text.replaceAll(HOLE, (_, letter?: string, plus?: string) => {
      const value = holes.get(letter ?? "*")!;
      return String(plus === undefined ? value : Number(value) + 1);
    });
  }
}

const HOLE = /\{(\w)(\+1)?\}|\*/g;
