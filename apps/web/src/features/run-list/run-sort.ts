import { defaultRunOrder, parseRunOrder, printRunOperand, printRunOrder } from "@residual/shared";

/** By what a run table is sorted: the operand that decides first, and whether its largest value comes first. */
export interface RunSort {
  readonly operand: string;
  readonly isDescending: boolean;
}

/** The sort that the address says, in canonical form; the newest runs first where it says none that can be read. */
export function runOrder(text: string): string {
  const { terms } = parseRunOrder(text);
  return terms ? printRunOrder(terms) : defaultRunOrder;
}

/** What decides first in an order. */
export function leadingSort(order: string): RunSort {
  const [lead] = parseRunOrder(order).terms ?? parseRunOrder(defaultRunOrder).terms ?? [];
  return { operand: lead ? printRunOperand(lead.operand) : "", isDescending: lead?.isDescending ?? true };
}

export function sortText({ operand, isDescending }: RunSort): string {
  return `${isDescending ? "-" : ""}${operand}`;
}
