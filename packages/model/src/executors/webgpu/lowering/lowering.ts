import type { GraphNode } from "../../../graph/graph.js";
import type { OperationName } from "../../../graph/operation.js";

type NodeOf<Name extends OperationName> = Extract<GraphNode, { readonly op: Name }>;

/** What a kernel reads or writes: an input or a result of its node, a variable by name, or a part of the node's working memory. */
export type Memory =
  | { readonly input: number }
  | { readonly output: number }
  | { readonly variable: string }
  | { readonly temporary: { readonly offset: number; readonly floats: number } };

/** One array of a kernel. Of `vec4f` the last element may reach beyond the value, into memory that belongs to nobody. */
export interface Binding {
  readonly memory: Memory;
  readonly access: "read" | "read_write";
  readonly element: "f32" | "vec4f";
}

/** One dispatch: a shader, what it works on and how many workgroups it takes. Equal code is compiled once. */
export interface Kernel {
  readonly code: string;
  readonly bindings: readonly Binding[];
  readonly workgroups: number;
  /** Operations on single floats, roughly: long dispatches are submitted alone. */
  readonly work: number;
}

/** How one node is computed: its kernels, one after the other. */
export interface Lowering {
  readonly kernels: readonly Kernel[];
  /** Working memory in floats, free again when the node has run. */
  readonly temporaryFloats?: number;
}

/** Lowers one operation; what it computes, and the order of its inputs and results, is said in graph/operation.ts. */
export type LoweringRule<Name extends OperationName> = (node: NodeOf<Name>) => Lowering;

export const input = (index: number): Memory => ({ input: index });
export const output = (index: number): Memory => ({ output: index });
export const variable = (name: string): Memory => ({ variable: name });
export const temporary = (offset: number, floats: number): Memory => ({ temporary: { offset, floats } });

type Element = Binding["element"];
export const read = (memory: Memory, element: Element = "f32"): Binding => ({ memory, access: "read", element });
export const write = (memory: Memory, element: Element = "f32"): Binding => ({ memory, access: "read_write", element });
