import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { tryLock, waitForLock } from "./process-lock.js";

const onLinux = process.platform === "linux" ? it : it.skip;
const name = `test-${process.pid}`;
/** Another process that holds the lock until it is killed. */
const holder = `require("node:net").createServer().listen("\\0residual-${name}", () => console.log("held")); setInterval(() => {}, 1000);`;

describe("a lock", () => {
  onLinux("is one process's at a time, and free again once that is killed", async () => {
    const other = spawn(process.execPath, ["-e", holder], { stdio: ["ignore", "pipe", "inherit"] });
    await once(other.stdout, "data");
    expect(await tryLock(name)).toBeUndefined();
    const waiting = waitForLock(name, new AbortController().signal);
    other.kill("SIGKILL");
    const lock = await waiting;
    expect(await tryLock(name)).toBeUndefined();
    lock.release();
    (await tryLock(name))!.release();
  });

  onLinux("is not waited for any longer once that is called off", async () => {
    const lock = await tryLock(name);
    const calledOff = new AbortController();
    const waiting = waitForLock(name, calledOff.signal);
    calledOff.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    lock!.release();
  });
});
