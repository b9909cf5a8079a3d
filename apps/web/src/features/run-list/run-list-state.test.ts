import { describe, expect, it } from "vitest";
import { emptyRunList, type RunListState, runListReducer } from "@/features/run-list/run-list-state";
import { runRow } from "@/features/run-list/run-row.fixture";
import type { RunChange, RunRowFragment } from "@/gql/graphql";

const rows = (ids: string[]) => ids.map((id) => runRow({ id }));
const page = (state: RunListState, ids: string[], isFirst: boolean, hasMore: boolean) =>
  runListReducer(state, { type: "page", runs: rows(ids), isFirst, hasMore });
const change = (state: RunListState, kind: RunChange, run: RunRowFragment, isPlain = true) =>
  runListReducer(state, { type: "change", change: kind, run, isPlain });
const full = page(page(emptyRunList, ["a", "b"], true, true), ["c"], false, false);

describe("a list of runs that is read page by page while runs change", () => {
  it("keeps the order of the pages, and knows when the last has come", () => {
    expect([...full.runs.keys()]).toEqual(["a", "b", "c"]);
    expect(full).toMatchObject({ isLoaded: true, hasMore: false });
  });

  it("keeps a live change over an older page that comes later", () => {
    const changed = change(page(emptyRunList, ["a"], true, true), "STATUS", runRow({ id: "c", status: "FAILED" }));
    expect(page(changed, ["b", "c"], false, false).runs.get("c")?.status).toBe("FAILED");
  });

  it("shows a new run on top once, and only where the list is the newest first without a filter", () => {
    const run = runRow({ id: "d" });
    const twice = change(change(full, "CREATED", run), "PROGRESS", run);
    expect([...twice.runs.keys()]).toEqual(["d", "a", "b", "c"]);
    expect([...change(full, "CREATED", run, false).runs.keys()]).toEqual(["a", "b", "c"]);
  });

  it("loses a trashed run", () => {
    const trashed = change(full, "TRASHED", runRow({ id: "a", trashedAt: "2026-01-02T00:00:00Z" }));
    expect([...trashed.runs.keys()]).toEqual(["b", "c"]);
    expect(trashed.known.has("a")).toBe(false);
  });

  it("starts anew with a first page, so that what vanished meanwhile is gone", () => {
    expect([...page(full, ["b"], true, false).runs.keys()]).toEqual(["b"]);
  });

  it("takes the new order of the part that was read again, and keeps what lies behind it", () => {
    const long = page(page(emptyRunList, ["a", "b"], true, true), ["c", "d"], false, true);
    const again = runListReducer(long, { type: "refreshed", runs: rows(["e", "a"]), hasMore: true });
    expect([...again.runs.keys()]).toEqual(["e", "a", "c", "d"]);
    const short = runListReducer(long, { type: "refreshed", runs: rows(["b"]), hasMore: false });
    expect([...short.runs.keys()]).toEqual(["b"]);
  });

  it("knows runs that it does not show, so that a selection outlives a filter", () => {
    const state = runListReducer(page(full, ["a"], true, false), { type: "known", runs: rows(["z"]) });
    expect(state.known.has("z")).toBe(true);
    expect(state.runs.has("z")).toBe(false);
  });
});
