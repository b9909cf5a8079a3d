import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listProcesses } from "./processes.js";
import { type System, startSystem } from "./system.js";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

describe("npm start", () => {
  it("prints one address that signs the owner in", async () => {
    expect(system.output().match(/https?:\/\/\S+/g)).toEqual([system.url]);
    const owner = await system.owner();
    const { viewer, build } = await owner<{ viewer: { kind: string }; build: { commit: string; history: number } }>(
      "{ viewer { kind } build { commit history } }",
    );
    expect(viewer.kind).toBe("OWNER");
    expect(build.commit).toMatch(/^[0-9a-f]{7,}$/);
    expect(build.history).toBeGreaterThan(0);
  });

  it("answers a second start in the same folder with the address of the first", async () => {
    await expect(startSystem(["--empty"], system.dataDir)).rejects.toThrow(`already running here: ${system.url}`);
  });

  it("listens on loopback only", () => {
    const own = descendants(system.process.pid!).concat(
      listProcesses()
        .filter((process) => process.command.includes(system.dataDir))
        .map((process) => process.pid),
    );
    const addresses = listeningAddresses(own);
    expect(addresses.length).toBeGreaterThanOrEqual(3); // Postgres, API, dashboard
    expect(addresses.filter((address) => address !== loopback)).toEqual([]);
  });

  it("leaves no process after Ctrl-C and keeps the data for the next start", async () => {
    const owner = await system.owner();
    await owner(`mutation { createProject(input: { slug: "kept", name: "Kept" }) { id } }`);
    const pids = descendants(system.process.pid!);
    expect(await system.interrupt()).toBe(0);
    const alive = new Set(listProcesses().map((process) => process.pid));
    expect(pids.filter((pid) => alive.has(pid))).toEqual([]);
    const postgres = listProcesses().filter((process) => process.command.includes(system.dataDir));
    expect(postgres).toEqual([]);

    system = await startSystem(["--empty"], system.dataDir);
    const again = await system.owner();
    const { project } = await again<{ project: { name: string } | null }>(`{ project(slug: "kept") { name } }`);
    expect(project?.name).toBe("Kept");
  });
});

/** 127.0.0.1 as /proc/net/tcp writes it. */
const loopback = "0100007F";
const listening = "0A";

/** The local addresses on which one of these processes listens, from /proc. */
function listeningAddresses(pids: readonly number[]): string[] {
  const inodes = new Set(
    pids.flatMap((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
          const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
          return target.startsWith("socket:[") ? [target.slice("socket:[".length, -1)] : [];
        });
      } catch {
        return []; // It ended while we looked.
      }
    }),
  );
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening && inodes.has(fields[9] ?? ""))
    .map((fields) => fields[1]!.split(":")[0]!);
}

function descendants(root: number): number[] {
  const processes = listProcesses();
  const found = [root];
  for (const pid of found)
    found.push(...processes.filter((process) => process.parent === pid).map((process) => process.pid));
  return found;
}
