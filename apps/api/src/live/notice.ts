export type RunChange = "CREATED" | "STATUS" | "PROGRESS" | "EVALUATION" | "NOTICE" | "UPDATED" | "TRASHED";

/** What a subscriber needs to know of a run before it reads it. */
export interface RunRef {
  id: string;
  projectId: string;
  experimentId: string;
}

/** That something was committed, never what: whoever is interested reads what it has not seen. */
export type Notice =
  | { about: "metrics"; runId: string }
  | { about: "run"; run: RunRef; change: RunChange }
  | { about: "gap"; run: RunRef }
  | { about: "access"; principal: string };

/** A notice as one line without a line break; equal notices are equal lines. Ids and principals hold no white space. */
export function noticeToLine(notice: Notice): string {
  switch (notice.about) {
    case "metrics":
      return `metrics ${notice.runId}`;
    case "run":
      return `run ${refToText(notice.run)} ${notice.change}`;
    case "gap":
      return `gap ${refToText(notice.run)}`;
    case "access":
      return `access ${notice.principal}`;
  }
}

/** The notice of a line; null for what another version of Residual says and this one does not know. */
export function noticeFromLine(line: string): Notice | null {
  const [about, first, projectId, experimentId, change] = line.split(" ");
  if (!first) return null;
  if (about === "metrics") return { about, runId: first };
  if (about === "access") return { about, principal: first };
  if (!projectId || !experimentId) return null;
  const run = { id: first, projectId, experimentId };
  if (about === "run" && change) return { about, run, change: change as RunChange };
  return about === "gap" ? { about, run } : null;
}

function refToText({ id, projectId, experimentId }: RunRef): string {
  return `${id} ${projectId} ${experimentId}`;
}
