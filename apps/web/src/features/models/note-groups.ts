import type { GuideSource, LaunchGuideFragment } from "@/gql/graphql";

type Note = LaunchGuideFragment["notes"][number];

export interface NoteGroup {
  /** The setting that the notes are about, or null for those about the network as such. */
  field: string | null;
  bySource: Record<GuideSource, Note["message"][]>;
}

/** Notes on one subject beside each other: what the guide says, what the evidence says, what was measured here. */
export function noteGroups(notes: readonly Note[]): NoteGroup[] {
  const groups = new Map<string | null, NoteGroup>();
  for (const { field, source, message } of notes) {
    let group = groups.get(field);
    if (!group) {
      group = { field, bySource: { GUIDE: [], EVIDENCE: [], MEASURED: [] } };
      groups.set(field, group);
    }
    group.bySource[source].push(message);
  }
  return [...groups.values()].sort((a, b) => Number(a.field === null) - Number(b.field === null));
}
