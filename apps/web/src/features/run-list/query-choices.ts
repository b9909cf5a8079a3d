import { printRunQuery, type RunMembership, type RunQuery } from "@residual/shared";

type ChoiceField = "status" | "architecture";

/** The condition that a control stands for: `field = value`, or `field in (value)` as it was typed. */
function choiceOf(term: RunQuery, field: ChoiceField): string | null {
  if (term.kind !== "compare" && term.kind !== "in") return null;
  if (term.operand.kind !== "field" || term.operand.name !== field) return null;
  const values = term.kind === "in" ? onlyPositive(term) : term.operator === "=" ? [term.value] : [];
  const [value] = values;
  return values.length === 1 && value?.kind === "text" ? value.text : null;
}

const onlyPositive = (term: RunMembership) => (term.isNegated ? [] : term.values);

const termsOf = (query: RunQuery | null): readonly RunQuery[] =>
  query === null ? [] : query.kind === "and" ? query.terms : [query];

/** What a query says that the control of a field can show; "" where it says nothing or more than that. */
export function chosen(query: RunQuery | null, field: ChoiceField): string {
  for (const term of termsOf(query)) {
    const choice = choiceOf(term, field);
    if (choice !== null) return choice;
  }
  return "";
}

/** The query with the control of a field at another value; "" takes its condition out. All else stays as it is. */
export function choose(query: RunQuery | null, field: ChoiceField, value: string): string {
  const others = termsOf(query).filter((term) => choiceOf(term, field) === null);
  const choice: RunQuery[] =
    value === ""
      ? []
      : [
          {
            kind: "compare",
            operand: { kind: "field", name: field },
            operator: "=",
            value: { kind: "text", text: value },
          },
        ];
  const terms = [...others, ...choice];
  return printRunQuery(terms.length > 1 ? { kind: "and", terms } : (terms[0] ?? null));
}
