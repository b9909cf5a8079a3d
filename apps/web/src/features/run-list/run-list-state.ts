import type { RunChange, RunRowFragment } from "@/gql/graphql";

/** The runs of a list in its order, as they were read page by page and as live updates changed them since. */
export interface RunListState {
  runs: ReadonlyMap<string, RunRowFragment>;
  /** Runs that were seen, also those that the list does not hold now: what is selected stays drawn when a filter hides it. */
  known: ReadonlyMap<string, RunRowFragment>;
  isLoaded: boolean;
  /** Whether the server has runs behind those that are here. */
  hasMore: boolean;
}

export type RunListAction =
  | { type: "reset" }
  | { type: "page"; runs: RunRowFragment[]; isFirst: boolean; hasMore: boolean }
  | { type: "refreshed"; runs: RunRowFragment[]; hasMore: boolean }
  | { type: "known"; runs: RunRowFragment[] }
  | { type: "change"; change: RunChange; run: RunRowFragment; isPlain: boolean }
  | { type: "remove"; ids: readonly string[] };

export const emptyRunList: RunListState = { runs: new Map(), known: new Map(), isLoaded: false, hasMore: true };

/**
 * Newer knowledge wins: a first page replaces what was there, a live update replaces its run, a trashed run leaves. Only a list without
 * filter, newest first, knows where a new run belongs: on top.
 */
export function runListReducer(state: RunListState, action: RunListAction): RunListState {
  switch (action.type) {
    case "reset":
      return { ...emptyRunList, known: state.known };
    case "page": {
      const { runs, isFirst, hasMore } = action;
      if (isFirst) return { runs: merged([], runs), known: merged([], runs), isLoaded: true, hasMore };
      // What a live update said since stands over a page that was asked for before it.
      const newest = runs.map((run) => state.known.get(run.id) ?? run);
      return { runs: merged(state.runs.values(), newest), known: knowing(state, newest), isLoaded: true, hasMore };
    }
    case "refreshed": {
      const { runs, hasMore } = action;
      // What lies behind the part that was read again stays, as far as it is not in it.
      const rest = hasMore ? [...state.runs.values()].slice(runs.length) : [];
      return { ...state, runs: merged(runs, rest), known: knowing(state, runs), hasMore: hasMore && state.hasMore };
    }
    case "known":
      return { ...state, known: knowing(state, action.runs) };
    case "change": {
      const { change, run, isPlain } = action;
      if (change === "TRASHED" && run.trashedAt !== null) return without(state, [run.id]);
      const known = knowing(state, [run]);
      if (state.runs.has(run.id)) return { ...state, known, runs: new Map(state.runs).set(run.id, run) };
      const isNew = isPlain && change === "CREATED";
      return { ...state, known, runs: isNew ? new Map([[run.id, run], ...state.runs]) : state.runs };
    }
    case "remove":
      return without(state, action.ids);
  }
}

function merged(runs: Iterable<RunRowFragment>, further: readonly RunRowFragment[]): Map<string, RunRowFragment> {
  const all = new Map<string, RunRowFragment>();
  for (const run of [...runs, ...further]) if (!all.has(run.id)) all.set(run.id, run);
  return all;
}

function knowing(state: RunListState, runs: readonly RunRowFragment[]): Map<string, RunRowFragment> {
  const known = new Map(state.known);
  for (const run of runs) known.set(run.id, run);
  return known;
}

function without(state: RunListState, ids: readonly string[]): RunListState {
  const runs = new Map(state.runs);
  const known = new Map(state.known);
  for (const id of ids) {
    runs.delete(id);
    known.delete(id);
  }
  return { ...state, runs, known };
}
