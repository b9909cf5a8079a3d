import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { repository } from "./system.js";

const folder = mkdtempSync(path.join(tmpdir(), "residual-chaos-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly points: number;
  readonly reads: number;
  readonly recoveries: readonly { readonly kind: string }[];
  readonly violations: readonly string[];
  readonly counts: Readonly<Record<"lost" | "missing" | "doubled" | "phantom" | "altered", number>>;
  readonly blind: readonly string[];
  readonly controls: number;
}

// The short form of bench/chaos.mjs, which kills a hundred times and breaks every safety in turn.
it("kill -9 of API, Postgres, a backend and the logging process loses and doubles nothing, and the check finds a server that acknowledges before the commit", () => {
  const file = path.join(folder, "outcome.json");
  const args = ["bench/chaos.mjs", "--kills", "6", "--controls", "1", "--seed", "7", "--json", file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: repository, encoding: "utf8" });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  const outcome = JSON.parse(readFileSync(file, "utf8")) as Outcome;
  expect(outcome.violations).toEqual([]);
  expect(outcome.counts).toEqual({ lost: 0, missing: 0, doubled: 0, phantom: 0, altered: 0 });
  expect(new Set(outcome.recoveries.map(({ kind }) => kind))).toEqual(
    new Set(["api", "postmaster", "backend", "client"]),
  );
  expect(outcome.points).toBeGreaterThan(1_000);
  expect(outcome.reads).toBeGreaterThan(10);
  expect({ controls: outcome.controls, blind: outcome.blind }).toEqual({ controls: 1, blind: [] });
});
