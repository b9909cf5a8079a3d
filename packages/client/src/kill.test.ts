import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sendLeftovers } from "./send-leftovers.js";
import { UnrulyApi } from "./unruly-api.fixture.js";

const client = new URL("../dist/index.js", import.meta.url).href;
let root: string;
let api: UnrulyApi;
let child: ChildProcess | undefined;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "residual-kill-"));
  api = new UnrulyApi();
  await api.start();
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await api.stop();
  rmSync(root, { recursive: true });
});

/** A process that logs; it says "ready" when its script says so. */
function logIn(script: string, fsync = "interval"): ChildProcess {
  const settings = { url: api.url, key: "k", run: "run_1", spoolFolder: root, fsync };
  const text = `
    import { writeSync } from "node:fs";
    import { closeOnInterrupt, openRun } from ${JSON.stringify(client)};
    const logger = openRun(${JSON.stringify(settings)});
    const log = (count, from = 0) => { for (let step = from; step < from + count; step++) logger.log({ loss: 1 / (step + 1), step }, step); };
    ${script}`;
  child = spawn(process.execPath, ["--input-type=module", "-e", text], { stdio: ["ignore", "pipe", "pipe"] });
  return child;
}

const killItself = "process.kill(process.pid, 'SIGKILL');";

async function storedSteps(): Promise<number[]> {
  await sendLeftovers(root, { url: api.url, key: "k", onProblem: () => {} });
  return [...new Set(api.stored.map(({ step }) => step))].sort((a, b) => a - b);
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("a process that is killed (kill -9) right after its last log() returned", () => {
  it("loses none of 2,000 calls with fsync each-call, nor doubles one", async () => {
    await once(logIn(`log(2000); ${killItself}`, "each-call"), "exit");
    expect(await storedSteps()).toEqual(upTo(2_000));
    expect(api.stored).toHaveLength(4_000);
  });

  it("loses none of the calls before flush(), save() or a turn of the event loop", async () => {
    await once(logIn(`log(1000); await logger.flush(); log(1000, 1000); logger.save(); ${killItself}`), "exit");
    expect(await storedSteps()).toEqual(upTo(2_000));
    await once(logIn(`log(10, 5000); await new Promise((done) => setTimeout(done, 60)); ${killItself}`), "exit");
    expect((await storedSteps()).slice(2_000)).toEqual(upTo(10).map((step) => 5_000 + step));
  });

  it("loses at most the calls of the last 20 ms without any of them, also where the loop never yields", async () => {
    const running = logIn(`
      const began = Date.now();
      const times = [];
      for (let step = 0; Date.now() - began < 150; step++) { log(1, step); times.push(Date.now()); }
      const old = times.filter((time) => time < times.at(-1) - 20).length;
      writeSync(1, String(old));
      ${killItself}`);
    let printed = "";
    running.stdout!.on("data", (data: Buffer) => (printed += data.toString()));
    await once(running, "close");
    const steps = await storedSteps();
    expect(steps).toEqual(upTo(steps.length));
    expect(Number(printed)).toBeGreaterThan(1_000);
    expect(steps.length).toBeGreaterThanOrEqual(Number(printed));
  });
});

describe("an API that is killed in the middle of the load", () => {
  it("loses and doubles nothing, and the logger goes on", async () => {
    const running = logIn(`
      for (let step = 0; step < 400; step++) { log(1, step); await new Promise((done) => setTimeout(done, 2)); }
      await logger.close();`);
    for (let kill = 0; kill < 3; kill++) {
      const before = api.stored.length;
      while (api.stored.length < before + 20) await new Promise(setImmediate);
      await api.stop();
      await api.start();
    }
    expect((await once(running, "exit"))[0]).toBe(0);
    expect(api.stored.filter(({ key }) => key === "loss").map(({ step }) => step)).toEqual(upTo(400));
  });
});

describe("Ctrl-C", () => {
  it("sends what waits, with its progress; a second one leaves and says what stays, which the next process sends", async () => {
    await api.stop();
    const running = logIn(`closeOnInterrupt(logger); log(20000); console.log("ready"); setInterval(() => {}, 1000);`);
    let said = "";
    running.stderr!.on("data", (data: Buffer) => (said += data.toString()));
    await once(running.stdout!, "data");
    running.kill("SIGINT");
    running.kill("SIGINT");
    // Signals of one kind that come together are one; until it has left, it is asked again.
    const again = setInterval(() => running.kill("SIGINT"), 100);
    const [code] = await once(running, "close");
    clearInterval(again);
    expect(code).toBe(130);
    expect(said).toContain("0 of 40,000 points sent.");
    expect(said).toMatch(/40,000 points stay in .*sent by the next run/);
    await api.start();
    expect(await storedSteps()).toEqual(upTo(20_000));
  });

  it("once is enough where the API answers: all is sent, nothing stays", async () => {
    const running = logIn(`closeOnInterrupt(logger); log(20000); console.log("ready"); setInterval(() => {}, 1000);`);
    await once(running.stdout!, "data");
    running.kill("SIGINT");
    expect((await once(running, "close"))[0]).toBe(130);
    expect(api.stored).toHaveLength(40_000);
  });
});

it("a script that forgets close() ends by itself, after all is sent", async () => {
  await once(logIn("log(100);"), "exit");
  expect(api.stored).toHaveLength(200);
});
