import type { RunChange, RunRowFragment } from "@/gql/graphql";

/** The runs of a list as they were read page by page and as live updates changed them since. */
export interface RunListState {
  runs: ReadonlyMap<string, RunRowFragment>;
  /** How many runs the list has at the server; null before the first page came. */
  totalCount: number | null;
  isComplete: boolean;
}

export type RunListAction =
  | { type: "reset" }
  | { type: "page"; runs: RunRowFragment[]; totalCount: number; isFirst: boolean; isLast: boolean }
  | { type: "change"; change: RunChange; run: RunRowFragment }
  | { type: "remove"; ids: readonly string[] };

export const emptyRunList: RunListState = { runs: new Map(), totalCount: null, isComplete: false };

/** Newer knowledge wins: a first page replaces what was there, a live update replaces its run, a trashed run leaves. */
export function runListReducer(state: RunListState, action: RunListAction): RunListState {
  switch (action.type) {
    case "reset":
      return emptyRunList;
    case "page": {
      const runs = new Map(action.isFirst ? [] : state.runs);
      for (const run of action.runs) if (!runs.has(run.id)) runs.set(run.id, run);
      return { runs, totalCount: Math.max(action.totalCount, runs.size), isComplete: action.isLast };
    }
    case "change": {
      if (action.change === "TRASHED") {
        return action.run.trashedAt === null ? withRun(state, action.run) : without(state, [action.run.id]);
      }
      return withRun(state, action.run);
    }
    case "remove":
      return without(state, action.ids);
  }
}

function withRun(state: RunListState, run: RunRowFragment): RunListState {
  const isNew = !state.runs.has(run.id);
  const runs = new Map(state.runs).set(run.id, run);
  return { ...state, runs, totalCount: state.totalCount === null ? null : state.totalCount + (isNew ? 1 : 0) };
}

function without(state: RunListState, ids: readonly string[]): RunListState {
  const runs = new Map(state.runs);
  const removed = ids.filter((id) => runs.delete(id)).length;
  return { ...state, runs, totalCount: state.totalCount === null ? null : state.totalCount - removed };
}
