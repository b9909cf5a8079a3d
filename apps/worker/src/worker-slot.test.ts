import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeSlot } from "./worker-slot.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-slot-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** `worker-1.4f3c2a` holds `1.4f3c2a.lock`. */
const lockOf = (name: string) => join(folder, "workers", `${name.replace("worker-", "")}.lock`);

describe("takeSlot", () => {
  it("gives workers that run side by side different names, and a place back once it is released", () => {
    const first = takeSlot(folder);
    const second = takeSlot(folder);
    expect(first.name).not.toBe(second.name);
    first.release();
    expect(takeSlot(folder).name).toBe(first.name);
  });

  it("gives the place of a killed worker to the next one", async () => {
    const { name } = takeSlot(folder);
    const lock = lockOf(name);
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
    await once(other, "spawn");
    const stat = readFileSync(`/proc/${other.pid}/stat`, "utf8");
    writeFileSync(lock, `${other.pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`);
    expect(takeSlot(folder).name).not.toBe(name);
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(takeSlot(folder).name).toBe(name);
  });

  it("is not deceived by a process number that is in use again", () => {
    const { name } = takeSlot(folder);
    writeFileSync(lockOf(name), `${process.pid} 1`);
    expect(takeSlot(folder).name).toBe(name);
  });
});
