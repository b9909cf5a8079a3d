import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cpuWheel, cudaWheels, startIndex } from "./native/test-index.mjs";

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "native.mjs");
const glibc = process.report.getReport().header.glibcVersionRuntime;
const here = process.platform === "linux" && process.arch === "x64" && glibc !== undefined;

/** The real command against an index on this machine that serves tiny, real wheels. */
describe.runIf(here)("npm run native", () => {
  let cache;
  let index;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), "residual-native-"));
  });
  afterEach(async () => {
    rmSync(cache, { recursive: true });
    await index?.close();
    index = undefined;
  });

  const library = (...names) => path.join(cache, "residual", "tensorflow", ...names);
  const native = (args, environment = {}) => {
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env = { ...inherited, XDG_CACHE_HOME: cache, PIP_INDEX_URL: index?.url ?? "", ...environment };
    const child = spawn(process.execPath, [script, ...args], { env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
  };

  it("says size and target, unpacks the two libraries and the notices, and nothing else", async () => {
    index = await startIndex([cpuWheel()]);
    const { code, output } = await native(["--cpu"]);
    expect(output).toMatch(/1 wheel, \d+ MB[\s\S]*residual\/tensorflow: \d+ MB[\s\S]*Done/);
    expect(code).toBe(0);
    expect(readFileSync(library("tensorflow", "libtensorflow_cc.so.2"), "utf8")).toBe("core ".repeat(2000));
    expect(existsSync(library("tensorflow", "libtensorflow_framework.so.2"))).toBe(true);
    expect(existsSync(library("tensorflow", "THIRD_PARTY_NOTICES.txt"))).toBe(true);
    expect(existsSync(library("tensorflow", "python.py"))).toBe(false);
    expect(existsSync(path.join(cache, "residual", "downloads"))).toBe(false);
  });

  it("does nothing a second time, and --remove deletes it", async () => {
    index = await startIndex([cpuWheel()]);
    await native(["--cpu"]);
    const asked = index.requests.length;
    expect((await native(["--cpu"])).output).toContain("is already in");
    expect(index.requests).toHaveLength(asked);
    expect((await native(["--remove"])).output).toContain("Removed");
    expect(existsSync(library())).toBe(false);
    expect((await native(["--remove"])).output).toContain("nothing to remove");
  });

  it("goes on with the part that an interrupted download left, and when the connection breaks", async () => {
    const wheel = cpuWheel();
    index = await startIndex([wheel], { breaks: 2 });
    const downloads = path.join(cache, "residual", "downloads");
    await mkdir(downloads, { recursive: true });
    writeFileSync(path.join(downloads, `${wheel.filename}.part`), wheel.content.subarray(0, 100));
    const { code, output } = await native(["--cpu"]);
    expect(output).toContain("Done");
    expect(code).toBe(0);
    const ranges = index.requests.flatMap(({ range }) => /^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? []);
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBe("100");
    expect(index.requests.some(({ url, range }) => url.endsWith(".whl") && range === undefined)).toBe(false);
    expect(readFileSync(library("tensorflow", "libtensorflow_cc.so.2"), "utf8")).toBe("core ".repeat(2000));
  });

  it("refuses a wheel with another checksum, deletes it, and leaves what was there", async () => {
    index = await startIndex([{ ...cpuWheel(), sha256: createHash("sha256").update("other").digest("hex") }]);
    const { code, output } = await native(["--cpu"]);
    expect(output).toMatch(/is damaged: its SHA-256 is not/);
    expect(code).toBe(1);
    expect(existsSync(library())).toBe(false);
    expect(existsSync(path.join(cache, "residual", "downloads", cpuWheel().filename))).toBe(false);
  });

  it("reads an index that only has pages of links", async () => {
    index = await startIndex([cpuWheel()], { html: true });
    expect((await native(["--cpu"])).output).toContain("Done");
  });

  it("finds the index in pip's configuration, and sends its password only there, never to the screen", async () => {
    index = await startIndex([cpuWheel()], { password: "secret" });
    const file = path.join(cache, "pip.conf");
    writeFileSync(file, `[global]\ntimeout = 60\nindex-url = ${index.url.replace("://", "://user:secret@")}\n`);
    const { output } = await native(["--cpu"], { PIP_INDEX_URL: "", PIP_CONFIG_FILE: file });
    expect(output).toContain("Done");
    expect(output).not.toContain("secret");
  });

  it("fetches for CUDA what the wheel names, the newest that its bounds allow, side by side", async () => {
    index = await startIndex(cudaWheels());
    expect((await native(["--cuda"])).output).toContain("Done");
    expect(readFileSync(library("nvidia", "cublas", "lib", "libcublas.so.12"), "utf8")).toBe("cublas 12.9");
    expect(existsSync(library("tensorflow", "libtensorflow_cc.so.2"))).toBe(true);
    expect(index.requests.some(({ url }) => url.includes("unrelated"))).toBe(false);
  });

  it("says how much is missing before it fetches more than the disk holds", async () => {
    index = await startIndex(cudaWheels({ libraries: 4000, claimedBytes: 4_000_000_000 }));
    const { code, output } = await native(["--cuda"]);
    expect(output).toMatch(/MB free, but 16,\d{3},\d{3} MB are needed/);
    expect(code).toBe(1);
  });

  it("never writes outside its folder", async () => {
    index = await startIndex(cudaWheels({ entry: "nvidia/../../../escaped.so" }));
    expect((await native(["--cuda"])).output).toContain("wants to write outside its folder");
    expect(existsSync(path.join(cache, "escaped.so"))).toBe(false);
    expect(existsSync(library())).toBe(false);
  });

  it.each([
    ["an index that is not there", "http://127.0.0.1:9/simple", /127\.0\.0\.1:9 cannot be reached .*PIP_INDEX_URL/],
    ["an address that is none", "no address", /reads "no address"; correct PIP_INDEX_URL/],
  ])("names %s and what to do", async (_, url, message) => {
    const { code, output } = await native(["--cpu"], { PIP_INDEX_URL: url });
    expect(output).toMatch(message);
    expect(code).toBe(1);
  });

  it("says so where the index has no such release", async () => {
    index = await startIndex([{ ...cpuWheel(), filename: cpuWheel().filename.replace("2.21.0", "2.5.0") }]);
    expect((await native(["--cpu"])).output).toMatch(/has no tensorflow-cpu==2\.21\.0 for Linux/);
  });

  it("explains itself, and what is wrong with an option", async () => {
    expect((await native(["--help"])).output).toContain("--cuda");
    expect(await native(["--gpu"])).toMatchObject({ code: 1, output: expect.stringContaining("--cuda") });
    expect((await native(["--cpu", "--cuda"])).output).toContain("exclude each other");
  });
});
