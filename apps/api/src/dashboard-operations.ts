import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from "graphql";
import { AppError } from "./errors.js";

/**
 * What the dashboard asks, as `npm run generate` has written it down. Who only holds a share link may ask nothing else: whatever one could
 * think of to make a server work, the whole internet could send it to a link that was published.
 */
export class DashboardOperations {
  readonly #known = new Set<string>();
  readonly #judged = new WeakMap<DocumentNode, Map<string, boolean>>();
  readonly #document: DocumentNode;

  constructor(
    source = readFileSync(createRequire(import.meta.url).resolve("@residual/shared/dashboard.graphql"), "utf8"),
  ) {
    this.#document = parse(source);
    for (const definition of this.#document.definitions)
      if (definition.kind === Kind.OPERATION_DEFINITION)
        this.#known.add(hashOf(definition, this.#document.definitions));
  }

  /** Throws FORBIDDEN for an operation that the dashboard has not. */
  check(document: DocumentNode, operation: OperationDefinitionNode): void {
    const judged = this.#judged.get(document) ?? new Map<string, boolean>();
    this.#judged.set(document, judged);
    const name = operation.name?.value ?? "";
    const isKnown = judged.get(name) ?? this.#known.has(hashOf(operation, document.definitions));
    judged.set(name, isKnown);
    if (isKnown) return;
    throw new AppError(
      "FORBIDDEN",
      "A share link lets you look at what it shows, and runs the operations of the dashboard only. Reload the page, or use an API key for your own.",
      { http: { status: 403 } },
    );
  }

  /** The text of one of them, with its fragments. */
  textOf(name: string): string {
    const { definitions } = this.#document;
    const operation = definitions.find(
      (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name,
    );
    if (!operation) throw new Error(`The dashboard has no operation ${name}`);
    return [operation, ...fragmentsOf(operation, definitions).values()].map((one) => print(one)).join("\n");
  }
}

/** Of an operation and the fragments that it uses, whatever their order; without __typename, which clients add. */
function hashOf(operation: OperationDefinitionNode, definitions: readonly DefinitionNode[]): string {
  const fragments = fragmentsOf(operation, definitions);
  const parts = [operation, ...[...fragments.keys()].sort().map((name) => fragments.get(name)!)];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(print(withoutTypenames(part)));
  return hash.digest("base64");
}

function fragmentsOf(
  operation: OperationDefinitionNode,
  definitions: readonly DefinitionNode[],
): Map<string, FragmentDefinitionNode> {
  const all = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
  );
  const used = new Map<string, FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void =>
    void visit(node, {
      FragmentSpread({ name: { value: name } }) {
        const fragment = all.get(name);
        if (!fragment || used.has(name)) return;
        used.set(name, fragment);
        collect(fragment);
      },
    });
  collect(operation);
  return used;
}

function withoutTypenames<T extends DefinitionNode>(definition: T): T {
  return visit(definition, { Field: (field) => (field.name.value === "__typename" ? null : undefined) });
}
