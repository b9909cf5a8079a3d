import fc from "fast-check";
import { momentText } from "./moment.js";
import { operatorsOf } from "./parse-value.js";
import { runFieldChoices, runFieldNames, runFields } from "./run-fields.js";
import { metricSummaries, type RunOperand, type RunQuery, type RunValue } from "./run-query.js";

const nfc = (text: string): string => text.normalize("NFC");

/** Words that meet in names and queries, so that something matches, and ones that try to be more than words. */
const hostileWords = [
  "warm",
  "Warm 100%",
  "and",
  "null",
  "1e-3",
  "2026-11-01",
  "'; DROP TABLE run; --",
  '"\\',
  "ä",
  "$1",
  "_x_",
  "true",
];

const words = fc
  .oneof(fc.constantFrom(...hostileWords), fc.string({ maxLength: 8 }).map(nfc))
  .filter((word) => !word.includes("\0"));

export interface QueryParts {
  readonly text: fc.Arbitrary<string>;
  readonly number: fc.Arbitrary<number>;
  readonly metricKey: fc.Arbitrary<string>;
  readonly configPath: fc.Arbitrary<string[]>;
}

const anything: QueryParts = {
  text: words,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x || 0),
  metricKey: words.filter((word) => word !== ""),
  configPath: fc.array(words, { minLength: 1, maxLength: 3 }),
};

/** Queries of the normal form: `and` within `and` is one list, as the parser makes it. */
export function randomRunQuery(parts: QueryParts = anything): fc.Arbitrary<RunQuery> {
  const operand: fc.Arbitrary<RunOperand> = fc.oneof(
    { arbitrary: fc.constantFrom(...runFieldNames).map((name) => ({ kind: "field" as const, name })), weight: 3 },
    { arbitrary: parts.configPath.map((path) => ({ kind: "config" as const, path })), weight: 2 },
    {
      arbitrary: fc.record({
        kind: fc.constant("metric" as const),
        key: parts.metricKey,
        summary: fc.constantFrom(...metricSummaries),
      }),
      weight: 1,
    },
  );
  const leaf: fc.Arbitrary<RunQuery> = operand.chain((of) =>
    fc.oneof(
      fc
        .constantFrom(...operatorsOf(of))
        .chain((operator) =>
          valueFor(of, operator, parts).map((value) => ({ kind: "compare" as const, operand: of, operator, value })),
        ),
      fc.record({
        kind: fc.constant("in" as const),
        operand: fc.constant(of),
        isNegated: fc.boolean(),
        values: fc.array(valueFor(of, "=", parts), { minLength: 1, maxLength: 3 }),
      }),
    ),
  );
  return fc.letrec<{ query: RunQuery }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      tie("query").map((term) => ({ kind: "not" as const, term })),
      joined("and", tie("query")),
      joined("or", tie("query")),
    ),
  })).query;
}

function joined(kind: "and" | "or", query: fc.Arbitrary<RunQuery>): fc.Arbitrary<RunQuery> {
  return fc.array(query, { minLength: 2, maxLength: 3 }).map((terms) => ({
    kind,
    terms: terms.flatMap((term) => (term.kind === kind ? term.terms : [term])),
  }));
}

function valueFor(operand: RunOperand, operator: string, parts: QueryParts): fc.Arbitrary<RunValue> {
  const text = parts.text.map((value) => ({ kind: "text" as const, text: value }));
  const number = parts.number.map((value) => ({ kind: "number" as const, number: value }));
  const nothing = fc.constant({ kind: "null" as const });
  const isEquality = operator === "=" || operator === "!=";
  const orNull = (value: fc.Arbitrary<RunValue>) =>
    isEquality ? fc.oneof({ weight: 5, arbitrary: value }, nothing) : value;
  if (operator === "~" || operator === "!~") return text;
  if (operand.kind === "metric") return orNull(number);
  if (operand.kind === "config") {
    const flag = fc.boolean().map((value) => ({ kind: "flag" as const, flag: value }));
    return isEquality ? fc.oneof(text, number, flag, nothing) : number;
  }
  switch (runFields[operand.name].type) {
    case "choice":
      return orNull(fc.constantFrom(...runFieldChoices(operand.name)).map((value) => ({ kind: "text", text: value })));
    case "number":
      return orNull(number);
    case "duration":
      return orNull(fc.integer({ min: 0, max: 1e6 }).map((halves) => ({ kind: "duration", seconds: halves / 2 })));
    case "moment":
      return orNull(
        fc.oneof(
          fc.integer({ min: 0, max: 1e6 }).map((seconds) => ({ kind: "ago" as const, seconds })),
          fc
            .tuple(
              fc.date({ min: new Date("2026-11-01"), max: new Date("2026-11-05"), noInvalidDate: true }),
              fc.constantFrom(10, 16, 19, 23),
            )
            .map(([date, length]) => ({
              kind: "moment" as const,
              text: momentText(date.toISOString().slice(0, length))!,
            })),
        ),
      );
    default:
      return orNull(text);
  }
}
