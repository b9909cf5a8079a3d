import { gapVerdicts } from "../generalization-gap/assess-gap.js";
import { architectureIds } from "../training-config/architecture-id.js";

/** texts: a run has several. duration: in seconds. */
type RunFieldType = "text" | "texts" | "choice" | "number" | "moment" | "duration";

type Description = { readonly type: RunFieldType; readonly choices?: readonly string[]; readonly isSortable: boolean };

/** The statuses of a run, in the order of its life. */
export const runStatuses = ["QUEUED", "RUNNING", "FINISHED", "FAILED", "STOPPED"] as const;

/** What a query can ask of every run, besides its training config and its metrics. Names are those of the API's Run. */
export const runFields = {
  name: { type: "text", isSortable: true },
  status: { type: "choice", choices: runStatuses, isSortable: true },
  architecture: { type: "choice", choices: architectureIds, isSortable: true },
  tag: { type: "texts", isSortable: false },
  experiment: { type: "text", isSortable: true },
  dataset: { type: "text", isSortable: true },
  createdAt: { type: "moment", isSortable: true },
  startedAt: { type: "moment", isSortable: true },
  finishedAt: { type: "moment", isSortable: true },
  duration: { type: "duration", isSortable: true },
  speed: { type: "number", isSortable: true },
  gap: { type: "number", isSortable: true },
  lossGap: { type: "number", isSortable: true },
  verdict: { type: "choice", choices: gapVerdicts, isSortable: true },
  seed: { type: "number", isSortable: true },
  group: { type: "text", isSortable: true },
  origin: { type: "choice", choices: ["TRAINED_HERE", "LOGGED"], isSortable: true },
  notes: { type: "text", isSortable: false },
  error: { type: "text", isSortable: false },
  id: { type: "text", isSortable: true },
} as const satisfies Record<string, Description>;

export type RunField = keyof typeof runFields;

export const runFieldNames = Object.keys(runFields) as readonly RunField[];

/** The field that a word means, whatever its case; null when there is none. */
export function runFieldOf(word: string): RunField | null {
  return byName.get(word.toLowerCase()) ?? null;
}

// With the short forms that people try first; a query prints back with the field's own name.
const byName: ReadonlyMap<string, RunField> = new Map<string, RunField>([
  ...runFieldNames.map((field): [string, RunField] => [field.toLowerCase(), field]),
  ["created", "createdAt"],
  ["started", "startedAt"],
  ["finished", "finishedAt"],
  ["tags", "tag"],
]);

/** The choices of a field that has a closed set of values; empty for all others. */
export function runFieldChoices(field: RunField): readonly string[] {
  const description: Description = runFields[field];
  return description.choices ?? [];
}
