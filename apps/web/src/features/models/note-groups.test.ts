import { expect, it } from "vitest";
import { type GuideNote, noteGroups } from "./note-groups";

const note = (source: GuideNote["source"], field: string | null, claim: string | null = null): GuideNote => ({
  ...{ source, field, claim, standing: null, reference: null },
  message: { key: `${source} ${field ?? claim}`, values: {}, text: "" },
});

it("puts guide, evidence and measurement on the same setting or claim side by side, settings first", () => {
  const groups = noteGroups({
    notes: [
      note("GUIDE", null),
      note("GUIDE", null, "inference"),
      note("EVIDENCE", null, "inference"),
      note("GUIDE", "epochs"),
      note("EVIDENCE", "epochs"),
    ],
    measured: [note("MEASURED", null, "inference"), note("MEASURED", "epochs")],
  });
  expect(
    groups.map(({ id, bySource: { GUIDE, EVIDENCE, MEASURED } }) => [
      id,
      GUIDE.length,
      EVIDENCE.length,
      MEASURED.length,
    ]),
  ).toEqual([
    ["epochs", 1, 1, 1],
    ["", 1, 0, 0],
    ["inference", 1, 1, 1],
  ]);
});
