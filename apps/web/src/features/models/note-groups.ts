import type { GuideSource, LaunchGuideFragment } from "@/gql/graphql";

export type GuideNote = LaunchGuideFragment["notes"][number];

export interface NoteGroup {
  /** The claim or the setting that the notes are about; empty for those about the network as such. */
  id: string;
  /** Null for notes that are about no setting. */
  field: string | null;
  bySource: Record<GuideSource, GuideNote[]>;
}

/** Notes on one subject beside each other: what the guide says, what the evidence says, what was measured here. A claim is a subject of its own. */
export function noteGroups({ notes, measured }: Pick<LaunchGuideFragment, "notes" | "measured">): NoteGroup[] {
  const groups = new Map<string, NoteGroup>();
  for (const note of [...notes, ...measured]) {
    const id = note.claim ?? note.field ?? "";
    let group = groups.get(id);
    if (!group) {
      group = { id, field: note.field, bySource: { GUIDE: [], EVIDENCE: [], MEASURED: [] } };
      groups.set(id, group);
    }
    group.bySource[note.source].push(note);
  }
  return [...groups.values()].sort((a, b) => Number(a.field === null) - Number(b.field === null));
}
