import { describe, expect, it } from "vitest";
import { emptyRunList, type RunListState, runListReducer } from "@/features/run-list/run-list-state";
import { runRow } from "@/features/run-list/run-row.fixture";

const page = (state: RunListState, ids: string[], isFirst: boolean, isLast: boolean) =>
  runListReducer(state, { type: "page", runs: ids.map((id) => runRow({ id })), totalCount: 3, isFirst, isLast });
const full = page(page(emptyRunList, ["a", "b"], true, false), ["c"], false, true);

describe("a list of runs that is read page by page while runs change", () => {
  it("is complete with its last page", () => {
    expect([...full.runs.keys()]).toEqual(["a", "b", "c"]);
    expect(full).toMatchObject({ totalCount: 3, isComplete: true });
  });

  it("keeps a live change over an older page that comes later", () => {
    const first = page(emptyRunList, ["a"], true, false);
    const changed = runListReducer(first, {
      type: "change",
      change: "STATUS",
      run: runRow({ id: "c", status: "FAILED" }),
    });
    expect(page(changed, ["b", "c"], false, true).runs.get("c")?.status).toBe("FAILED");
  });

  it("counts a new run once, however often it is announced", () => {
    const run = runRow({ id: "d" });
    const once = runListReducer(full, { type: "change", change: "CREATED", run });
    const twice = runListReducer(once, { type: "change", change: "PROGRESS", run });
    expect(twice.totalCount).toBe(4);
  });

  it("loses a trashed run and gets it back when it is restored", () => {
    const trashed = runListReducer(full, {
      type: "change",
      change: "TRASHED",
      run: runRow({ id: "a", trashedAt: "2026-01-02T00:00:00Z" }),
    });
    expect(trashed.runs.has("a")).toBe(false);
    expect(trashed.totalCount).toBe(2);
    const restored = runListReducer(trashed, { type: "change", change: "TRASHED", run: runRow({ id: "a" }) });
    expect(restored.totalCount).toBe(3);
  });

  it("starts anew with a first page, so that what vanished meanwhile is gone", () => {
    expect([...page(full, ["b"], true, true).runs.keys()]).toEqual(["b"]);
  });
});
