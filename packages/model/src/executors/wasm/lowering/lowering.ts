import type { GraphNode } from "../../../graph/graph.js";
import type { OperationName } from "../../../graph/operation.js";
import type { Machine } from "../machine.js";

type NodeOf<Name extends OperationName> = Extract<GraphNode, { readonly op: Name }>;

/** Addresses that a node works on. */
export interface Placement {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Working memory of `Lowering.temporaryBytes`, free again when the node has run. */
  readonly temporary: number;
  /** Of a variable of the graph, by name. */
  readonly variable: (name: string) => number;
  /** Memory that keeps its content for as long as the program exists. */
  readonly keep: (bytes: number) => number;
}

/** A kernel over its units, or a piece of JavaScript for what is small. */
export type Step = KernelCall | (() => void);

/** A call of a kernel; the range of units is appended to its parameters. */
export interface KernelCall {
  readonly kernel: string;
  readonly parameters: readonly number[];
  readonly units: number;
  /** Operations on single floats of all units, roughly: small calls are not shared among threads, long ones are cut. */
  readonly work: number;
}

/** How one node is computed. */
export interface Lowering {
  readonly temporaryBytes?: number;
  /** Inputs whose memory the first result may take over, if nobody needs them afterwards. */
  readonly inPlace?: readonly number[];
  bind(place: Placement, machine: Machine): readonly Step[];
}

/** What a lowering may count on. */
export interface Target {
  readonly threads: number;
  readonly blas: boolean;
}

/** Lowers one operation; what it computes, and the order of its inputs and results, is said in graph/operation.ts. */
export type LoweringRule<Name extends OperationName> = (node: NodeOf<Name>, target: Target) => Lowering;

/** A lowering of one kernel call without working memory. `work` is the floats that it goes through. */
export function kernel(
  name: string,
  { units, work }: { readonly units: number; readonly work: number },
  parameters: (place: Placement) => readonly number[],
  inPlace: readonly number[] = [],
): Lowering {
  return { inPlace, bind: (place) => [{ kernel: name, parameters: parameters(place), units, work }] };
}
