import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";

/** What one document may ask for. Tokens are counted while parsing, before anything else is spent on it. */
export const queryLimits = { tokens: 4_000, depth: 12, aliases: 100, fields: 2_000, cost: 200_000 } as const;

/** Lists without a page size are taken for this long, those whose size is a variable (unknown here) for longer. */
const assumedLength = { unsaid: 20, variable: 200 } as const;

/** A comparison reads the evaluations of up to 1,000 runs and tests every pair that matters: as much as so many plain fields. */
const comparisonCost = 30_000;

const costs = new WeakMap<OperationDefinitionNode, number>();

/** How many values an operation asks for, of at most `queryLimits.cost`; undefined before it was measured. */
export function costOf(operation: OperationDefinitionNode): number | undefined {
  return costs.get(operation);
}

interface Totals {
  fields: number;
  aliases: number;
  cost: number;
}

/**
 * Refuses documents that are too deep, have too many aliases or fields (fragments counted wherever they are spread), or
 * ask for too many values: a field below `first: n` counts n times. Runs before execution, and itself visits no more than
 * `fields` fields: a fan-out of fragments cannot make it slow.
 */
export const limitQueries: ValidationRule = (context) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of context.getDocument().definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    measure(context, operation, fragments);
  },
});

function measure(
  context: ValidationContext,
  operation: OperationDefinitionNode,
  fragments: Map<string, FragmentDefinitionNode>,
): void {
  const totals: Totals = { fields: 0, aliases: 0, cost: 0 };
  const refuse = (what: string, limit: number) => {
    const message = `The ${operation.operation} ${what}; the limit is ${limit}. Ask for less, or in several requests.`;
    const extensions = { code: "BAD_INPUT", limit, cost: { asked: totals.cost, limit: queryLimits.cost } };
    context.reportError(new GraphQLError(message, { nodes: operation, extensions }));
  };

  /** Returns false once a limit is passed: then nothing more is visited. */
  const visit = (selections: SelectionSetNode, depth: number, times: number, open: ReadonlySet<string>): boolean => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!visitField(selection, depth, times, open)) return false;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (!visit(selection.selectionSet, depth, times, open)) return false;
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        // A cycle is another rule's error; here it must only not run for ever.
        if (!fragment || open.has(name)) continue;
        // A spread costs as much as a field, so that fragments which spread empty ones twice each stay cheap to refuse.
        totals.fields++;
        if (!withinLimits(depth) || !visit(fragment.selectionSet, depth, times, new Set(open).add(name))) return false;
      }
    }
    return true;
  };

  const visitField = (field: FieldNode, depth: number, times: number, open: ReadonlySet<string>): boolean => {
    totals.fields++;
    totals.cost += times * (field.name.value === "comparison" ? comparisonCost : 1);
    if (field.alias) totals.aliases++;
    if (!withinLimits(depth)) return false;
    // The schema describes itself with a depth of its own, which is bounded by the number of fields.
    const below = field.name.value.startsWith("__") ? Number.NEGATIVE_INFINITY : depth + 1;
    return !field.selectionSet || visit(field.selectionSet, below, times * listLength(field), open);
  };

  const withinLimits = (depth: number): boolean => {
    if (depth > queryLimits.depth) refuse(`is nested ${depth} deep`, queryLimits.depth);
    else if (totals.fields > queryLimits.fields) refuse("has too many fields", queryLimits.fields);
    else if (totals.aliases > queryLimits.aliases) refuse("has too many aliases", queryLimits.aliases);
    else if (totals.cost > queryLimits.cost) refuse("asks for too many values", queryLimits.cost);
    else return true;
    return false;
  };

  /** How many objects a field may stand for: its page size where it has one. A variable's value is not known here. */
  const listLength = (field: FieldNode): number => {
    const first = field.arguments?.find((argument) => argument.name.value === "first")?.value;
    if (!first) return pagedFields.has(field.name.value) ? assumedLength.unsaid : 1;
    return first.kind === Kind.INT ? Math.max(1, Number(first.value)) : assumedLength.variable;
  };

  visit(operation.selectionSet, 1, 1, new Set());
  costs.set(operation, totals.cost);
}

/** Fields that return a page when `first` is left out. */
const pagedFields = new Set(["projects", "experiments", "runs", "artifacts"]);
