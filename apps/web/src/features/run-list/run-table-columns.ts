/** The columns of the run table in order. sort: the operand of the query language by which a column sorts; width in px; numbers stand at the right. */
export const runTableColumns = [
  { key: "name", sort: "name", width: 190, isNumber: false, isDescendingFirst: false },
  { key: "status", sort: "status", width: 150, isNumber: false, isDescendingFirst: false },
  { key: "accuracy", sort: "val/accuracy@best", width: 124, isNumber: true, isDescendingFirst: true },
  { key: "gap", sort: "gap", width: 212, isNumber: false, isDescendingFirst: true },
  { key: "architecture", sort: "architecture", width: 100, isNumber: false, isDescendingFirst: false },
  { key: "time", sort: "duration", width: 88, isNumber: true, isDescendingFirst: true },
  { key: "speed", sort: "speed", width: 76, isNumber: true, isDescendingFirst: true },
  { key: "tags", sort: null, width: 150, isNumber: false, isDescendingFirst: false },
] as const satisfies {
  key: string;
  sort: string | null;
  width: number;
  isNumber: boolean;
  isDescendingFirst: boolean;
}[];

export const checkColumnWidth = 36;
export const actionColumnWidth = 44;

export const runTableWidth =
  checkColumnWidth + actionColumnWidth + runTableColumns.reduce((sum, column) => sum + column.width, 0);
