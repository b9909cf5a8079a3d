import {
  defaultRunOrder,
  parseRunOrder,
  parseRunQuery,
  type RunOrderTerm,
  type RunQuery,
  type RunQueryProblem,
} from "@residual/shared";
import { badInput } from "../../../errors.js";

/** Which runs, and in what order. */
export interface RunList {
  readonly distKey: number;
  readonly query: RunQuery | null;
  readonly order: readonly RunOrderTerm[];
  /** Only the runs of one experiment; null: of all. */
  readonly experimentId: string | null;
  readonly isTrash: boolean;
  /** Only these can show; null: all. For frozen share links. */
  readonly among: readonly string[] | null;
}

const newestFirst = parseRunOrder(defaultRunOrder).terms!;

/** The runs of a project, newest first, without those in the trash. */
export function newestRuns(
  distKey: number,
  only: { experimentId?: string | null; among?: readonly string[] | null } = {},
): RunList {
  const { experimentId = null, among = null } = only;
  return { distKey, query: null, order: newestFirst, experimentId, isTrash: false, among };
}

/** The list that a client asks for in words; throws BAD_INPUT that says where a text is wrong and what was meant. */
export function runListOf(distKey: number, filter: string, orderBy: string, isTrash: boolean): RunList {
  const { query, problem } = parseRunQuery(filter);
  if (problem) throw refused("filter", problem);
  const order = parseRunOrder(orderBy);
  if (order.problem) throw refused("orderBy", order.problem);
  return { distKey, query, order: order.terms, experimentId: null, isTrash, among: null };
}

function refused(field: string, { message, offset, length, suggestion }: RunQueryProblem) {
  const error = badInput(
    field,
    `${message.text} At column ${offset + 1} of ${field}.${suggestion?.text ? ` Did you mean ${suggestion.text}?` : ""}`,
  );
  Object.assign(error.extensions, {
    offset,
    length,
    suggestion: suggestion?.text ?? null,
    message: { key: message.key, values: message.values },
  });
  return error;
}
