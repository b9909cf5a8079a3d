import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takePlace } from "./instance.mjs";

let dataDir;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "residual-place-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe("one running instance a data folder", () => {
  it("tells a second start the address of the first and leaves its file alone", () => {
    const first = takePlace(dataDir);
    first.announce("http://127.0.0.1:3000/sign-in");
    const second = takePlace(dataDir);
    expect(second.running).toEqual({ pid: process.pid, url: "http://127.0.0.1:3000/sign-in" });
    first.leave();
    expect(takePlace(dataDir).running).toBeUndefined();
  });

  it("takes over from a process that no longer lives, and from a torn file", () => {
    writeFileSync(path.join(dataDir, "running.json"), JSON.stringify({ pid: 2 ** 30, url: "gone" }));
    expect(takePlace(dataDir).running).toBeUndefined();
    writeFileSync(path.join(dataDir, "running.json"), '{"pid":');
    expect(takePlace(dataDir).running).toBeUndefined();
    expect(JSON.parse(readFileSync(path.join(dataDir, "running.json"), "utf8")).pid).toBe(process.pid);
  });
});
