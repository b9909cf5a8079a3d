import type { Message } from "../message/message.js";
import type { RunOperand } from "./run-query.js";

/** What could have stood at the place of a problem: an editor offers it. */
export type RunQueryExpectation =
  | { readonly kind: "operand" }
  | { readonly kind: "operator"; readonly operand: RunOperand }
  | { readonly kind: "value"; readonly operand: RunOperand; readonly isInList: boolean }
  | { readonly kind: "join" };

/** Why a text is no query: offset and length are the characters to underline; the suggestion replaces those it names. */
export interface RunQueryProblem {
  readonly message: Message;
  readonly offset: number;
  readonly length: number;
  readonly suggestion: { readonly offset: number; readonly length: number; readonly text: string } | null;
  readonly expected: RunQueryExpectation | null;
}

/** Thrown inside the parser only; parseRunQuery and parseRunOrder return the problem. */
export class RunQueryError extends Error {
  constructor(readonly problem: RunQueryProblem) {
    super(problem.message.text);
  }
}

type Place = { readonly offset: number; readonly length: number };

/** A problem at a place, perhaps with a text to put there instead. */
export function problemAt(
  place: Place,
  message: Message,
  more: { replacement?: string | null; expected?: RunQueryExpectation } = {},
): RunQueryError {
  const { offset, length } = place;
  const { replacement = null, expected = null } = more;
  const suggestion = replacement === null ? null : { offset, length, text: replacement };
  return new RunQueryError({ message, offset, length, suggestion, expected });
}
