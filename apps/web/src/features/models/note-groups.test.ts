import { expect, it } from "vitest";
import { noteGroups } from "./note-groups";

const message = (key: string) => ({ key, values: {}, text: key });

it("puts guide, evidence and measurement on the same subject side by side, the general ones last", () => {
  const groups = noteGroups([
    { field: null, source: "GUIDE", message: message("a") },
    { field: "epochs", source: "GUIDE", message: message("b") },
    { field: "epochs", source: "EVIDENCE", message: message("c") },
    { field: null, source: "MEASURED", message: message("d") },
  ]);
  expect(
    groups.map(({ field, bySource }) => [
      field,
      bySource.GUIDE.length,
      bySource.EVIDENCE.length,
      bySource.MEASURED.length,
    ]),
  ).toEqual([
    ["epochs", 1, 1, 0],
    [null, 1, 0, 1],
  ]);
});
