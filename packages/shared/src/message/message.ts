/**
 * A sentence that every language can say: `text` is the English one; a client that knows `key` says it in its own language from `values`.
 * Numbers in `values` are in the unit that is shown (percentage points, percent, epochs), already rounded to what the evidence bears.
 */
export type Message = { key: string; values: MessageValues; text: string };

export type MessageValues = Record<string, string | number | null>;

/** Names of the values that a template speaks of: `{name}` or `{name, number, ::sign-always}` (a subset of ICU message syntax). */
type ValueNames<Template extends string> = Template extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name},${string}` ? Name : Inside) | ValueNames<Rest>
  : never;

type ValuesOf<Template extends string> = { [Name in ValueNames<Template>]: string | number | null };

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const signed = new Intl.NumberFormat("en", { maximumFractionDigits: 3, signDisplay: "always" });

/** Says the sentences of one catalogue; the compiler checks the key and that every value its template names is there. */
export type Speaker<Catalogue extends Record<string, string>> = <Key extends keyof Catalogue & string>(
  key: Key,
  values: ValuesOf<Catalogue[Key]>,
) => Message;

export function speaker<Catalogue extends Record<string, string>>(catalogue: Catalogue): Speaker<Catalogue> {
  return (key, values) => ({ key, values, text: fill(catalogue[key]!, values) });
}

/** Fills a template of the catalogue; minus signs are typographic, a missing value is a dash, a missing range is left out. */
export function fill(template: string, values: MessageValues): string {
  const said = template.replace(/\{(\w+)(, number, ::sign-always)?\}/g, (_, name: string, sign?: string) => {
    const value = values[name];
    if (value === null || value === undefined) return "–";
    if (typeof value === "string") return value;
    return (sign ? signed : plain).format(value).replace("-", "−");
  });
  return withoutUnknownRange(said);
}

/** Leaves out a range in parentheses of which neither end is known, "(– to –)", in any language that puts a word between the two. */
export function withoutUnknownRange(text: string): string {
  return text.replace(/ \(– \p{L}+ –[^()]*\)/gu, "");
}
