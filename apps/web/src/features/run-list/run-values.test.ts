import { expect, it } from "vitest";
import { runRow } from "@/features/run-list/run-row.fixture";
import { runSeconds } from "@/features/run-list/run-values";

it("counts the time of a run until now while it runs", () => {
  const started = { startedAt: "2026-01-01T00:00:00Z" };
  expect(runSeconds(runRow({ id: "a" }), 0)).toBeNull();
  expect(runSeconds(runRow({ id: "b", ...started }), Date.parse("2026-01-01T00:01:00Z"))).toBe(60);
  expect(runSeconds(runRow({ id: "c", ...started, finishedAt: "2026-01-01T00:00:05Z" }), Number.MAX_SAFE_INTEGER)).toBe(
    5,
  );
});
