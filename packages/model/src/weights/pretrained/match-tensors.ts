import type { TensorEntry } from "@residual/shared";
import type { ArchitectureSpec } from "../../architectures/registry.js";
import type { VariableSpec } from "../../graph/graph.js";
import type { Shape } from "../../graph/operation.js";
import { sameShape } from "../../graph/shape.js";
import { torchShape } from "../layout.js";
import { isHead } from "./fresh-head.js";
import { type KeyLayout, keyLayouts } from "./key-layout.js";
import { PretrainedError } from "./pretrained-error.js";

/** Where a variable comes from: tensors of the file, joined along PyTorch's first axis; or the position embedding of another grid. */
export interface TensorMatch {
  readonly keys: readonly string[];
  /** Patches along a side in the file and in the network, where they differ. */
  readonly grid?: { readonly from: number; readonly to: number };
}

export interface MatchedTensors {
  readonly layout: KeyLayout;
  readonly matches: ReadonlyMap<string, TensorMatch>;
  /** The head's variables, where the file has none or one for another number of classes. */
  readonly fresh: readonly string[];
  /** Tensors that the network has no use for. */
  readonly ignored: readonly string[];
}

type Tensors = ReadonlyMap<string, Pick<TensorEntry, "shape">>;

/** Errors name this many tensors; a wrong architecture would list hundreds. */
const named = 4;

/**
 * Finds the tensor of every variable, by name and shape. Throws a PretrainedError that names the tensors if the file is for another
 * network: one is missing, has another shape, or belongs to a block that the network lacks.
 */
export function matchTensors(
  tensors: Tensors,
  variables: readonly VariableSpec[],
  { id, family }: Pick<ArchitectureSpec, "id" | "family">,
): MatchedTensors {
  const layout = recognise(tensors, variables, family);
  const located = locateAll(tensors, layout);
  const known = new Set(variables.map(({ name }) => name));
  const matches = new Map<string, TensorMatch>();
  const fresh: string[] = [];
  const problems: string[] = [];
  for (const variable of variables) {
    const keys = located.get(variable.name);
    const match = keys ? matchShape(variable, keys, tensors) : `tensor ${describe(variable.name, layout)} is missing`;
    if (typeof match !== "string") matches.set(variable.name, match);
    else if (isHead(variable.name) && (!keys || differsInClasses(variable, keys, tensors))) fresh.push(variable.name);
    else problems.push(match);
  }
  const surplus = [...located].filter(([name]) => !known.has(name));
  const foreign = surplus.filter(([name]) => changesTheNetwork(name)).flatMap(([, keys]) => keys);
  problems.push(...foreign.map((key) => `${id} has no place for tensor ${key}`));
  if (problems.length > 0) {
    const more = problems.length > named ? ` and ${problems.length - named} more` : "";
    throw new PretrainedError(
      `The weights do not fit ${id}: ${problems.slice(0, named).join("; ")}${more}. Choose weights of ${id}, or the architecture of these weights.`,
    );
  }
  // A head is replaced as a whole: a bias of ten classes says nothing beside weights of five.
  const replaced = fresh.length > 0 ? variables.filter(({ name }) => isHead(name)).map(({ name }) => name) : [];
  for (const name of replaced) matches.delete(name);
  const used = new Set([...matches.values()].flatMap(({ keys }) => keys));
  const ignored = [...tensors.keys()].filter((key) => !used.has(key) && !isSilent(key, replaced, layout));
  return { layout, matches, fresh: replaced, ignored };
}

/** The layout that names the most variables. */
function recognise(
  tensors: Tensors,
  variables: readonly VariableSpec[],
  family: ArchitectureSpec["family"],
): KeyLayout {
  const scored = keyLayouts
    .filter((layout) => layout.family === family)
    .map((layout) => {
      const located = locateAll(tensors, layout);
      return { layout, covered: variables.filter(({ name }) => located.has(name)).length };
    });
  const best = scored.reduce((a, b) => (b.covered > a.covered ? b : a));
  // Both families have a `norm.weight` or an `fc.bias` somewhere by chance; a quarter of the names is no chance.
  if (best.covered >= variables.length / 4) return best.layout;
  const sample = [...tensors.keys()].slice(0, named).join(", ");
  const wanted = keyLayouts.filter((layout) => layout.family === family).map(({ owner }) => owner);
  throw new PretrainedError(
    `The weights are of another kind of network: their tensors (${sample}, …) have none of ${wanted.join(", ")} names of a ${family === "vit" ? "ViT" : "ResNet"}.`,
  );
}

/** The file's tensors of each variable, complete and in order of their parts. */
function locateAll(tensors: Tensors, layout: KeyLayout): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const key of tensors.keys()) {
    const found = layout.locate(key);
    if (!found) continue;
    const keys = parts.get(found.variable) ?? Array<string>(found.parts).fill("");
    keys[found.part] = key;
    parts.set(found.variable, keys);
  }
  return new Map([...parts].filter(([, keys]) => keys.every((key) => key !== "")));
}

function matchShape(variable: VariableSpec, keys: readonly string[], tensors: Tensors): TensorMatch | string {
  const expected = torchShape(variable);
  const found = shapeOf(keys, tensors);
  if (found && sameShape(found, expected)) return { keys };
  const grid = variable.name === "pos_embed" && found ? gridOf(found, expected) : undefined;
  if (grid) return { keys, grid };
  const shapes = keys.map((key) => `[${tensors.get(key)!.shape.join(", ")}]`).join(" + ");
  return `tensor ${keys.join(" + ")} is ${shapes}, expected [${expected.join(", ")}]`;
}

/** Of all parts together. */
function shapeOf(keys: readonly string[], tensors: Tensors): Shape | undefined {
  const shapes = keys.map((key) => tensors.get(key)!.shape);
  if (shapes.length === 1) return shapes[0];
  const rest = shapes[0]!.slice(1);
  if (!shapes.every((shape) => shape.length > 0 && sameShape(shape.slice(1), rest))) return undefined;
  return [shapes.reduce((sum, shape) => sum + shape[0]!, 0), ...rest];
}

/** [1, 1 + n², D] of two square grids. */
function gridOf(found: Shape, expected: Shape): TensorMatch["grid"] {
  if (found.length !== 3 || found[0] !== 1 || found[2] !== expected[2]) return undefined;
  const [from, to] = [found, expected].map((shape) => Math.sqrt(shape[1]! - 1)) as [number, number];
  return Number.isInteger(from) && from > 0 ? { from, to } : undefined;
}

function differsInClasses(variable: VariableSpec, keys: readonly string[], tensors: Tensors): boolean {
  const found = shapeOf(keys, tensors);
  const expected = torchShape(variable);
  return found !== undefined && found.length === expected.length && sameShape(found.slice(1), expected.slice(1));
}

/** A tensor of a further block, or inside a block, is part of another function; anything else beside the network is not. */
function changesTheNetwork(name: string): boolean {
  return /^(layer\d+|blocks)\.\d+\.|^(norm_pre|fc_norm|dist_token|reg_token)\b/.test(name) && !isCounter(name);
}

/** PyTorch counts a BatchNorm's batches; nothing is computed from it. */
function isCounter(name: string): boolean {
  return name.endsWith(".num_batches_tracked");
}

/** Left out with good reason: counters, optimizer slots of our own checkpoints (`adam_m/…`), the head that is replaced. */
function isSilent(key: string, replaced: readonly string[], layout: KeyLayout): boolean {
  const variable = layout.locate(key)?.variable ?? key;
  return isCounter(key) || key.includes("/") || replaced.includes(variable);
}

function describe(variable: string, layout: KeyLayout): string {
  return layout
    .keysOf(variable)
    .map((key) => (key === variable ? key : `${key} (${variable})`))
    .join(", ");
}
