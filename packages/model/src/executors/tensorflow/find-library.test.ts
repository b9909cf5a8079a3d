import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTensorFlow } from "./find-library.js";
import { versionProblem } from "./library-version.js";
import { openTensorFlow } from "./tensorflow.js";

/** A user who names a folder gets that one or the reason, never silently another executor's library. */
describe.runIf(process.platform === "linux")("a folder named by RESIDUAL_TENSORFLOW", () => {
  const before = process.env.RESIDUAL_TENSORFLOW;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "residual-tensorflow-"));
    process.env.RESIDUAL_TENSORFLOW = folder;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.RESIDUAL_TENSORFLOW;
    else process.env.RESIDUAL_TENSORFLOW = before;
    await rm(folder, { recursive: true });
  });

  it("is taken itself, or its folder tensorflow as pip unpacks it", async () => {
    await placeLibraries(join(folder, "tensorflow"));
    expect(await findTensorFlow()).toMatchObject({ folder: join(folder, "tensorflow"), core: "libtensorflow_cc.so.2" });
    await placeLibraries(folder);
    expect(await findTensorFlow()).toMatchObject({ folder });
  });

  it("without the libraries is named in the reason", async () => {
    expect(await findTensorFlow()).toEqual({ unavailable: expect.stringContaining(folder) });
  });

  it("with a library that lacks the C API is refused by the first function missed", async () => {
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    const libc = sharedObjects.find((path) => /\/libc\.(so|musl)/.test(path))!;
    for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
      await symlink(libc, join(folder, name));
    expect(await openTensorFlow()).toEqual({
      unavailable: expect.stringMatching(
        /libtensorflow_cc\.so\.2 has no function TF_SessionRun: it is another library/,
      ),
    });
  });

  it("with something else under their names is no crash but a reason", async () => {
    await placeLibraries(folder);
    expect(await openTensorFlow()).toEqual({ unavailable: expect.stringContaining("cannot be used") });
  });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.runIf(process.platform === "linux")("without a named folder", () => {
  const names = ["RESIDUAL_TENSORFLOW", "PYTHONPATH", "XDG_CACHE_HOME"] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "residual-tensorflow-"));
    delete process.env.RESIDUAL_TENSORFLOW;
    process.env.PYTHONPATH = folder;
    process.env.XDG_CACHE_HOME = folder;
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true });
  });

  async function installForPython(version: string): Promise<void> {
    await placeLibraries(join(folder, "tensorflow"));
    await writeFile(join(folder, "tensorflow", "__init__.py"), "raise SystemExit('imported')");
    const info = join(folder, `tensorflow-${version}.dist-info`);
    await mkdir(info);
    await writeFile(join(info, "METADATA"), `Metadata-Version: 2.1\nName: tensorflow\nVersion: ${version}\n`);
  }

  it.runIf(hasPython)("Python's package is found without being imported", async () => {
    await installForPython("2.21.0");
    expect(await findTensorFlow()).toMatchObject({
      folder: join(folder, "tensorflow"),
      source: "Python's tensorflow 2.21.0",
    });
  });

  it.runIf(hasPython)("a release without the C API is passed over", async () => {
    await installForPython("2.15.1");
    const found = await findTensorFlow();
    expect(found).not.toMatchObject({ folder: join(folder, "tensorflow") });
    if ("unavailable" in found) expect(found.unavailable).toMatch(/2\.15\.1 is installed.*npm run native/);
  });

  it("the cache is the last resort", async () => {
    const cached = join(folder, "residual", "tensorflow", "tensorflow");
    const without = await findTensorFlow();
    await placeLibraries(cached);
    // A machine may have an installed library, which goes first.
    expect(await findTensorFlow()).toEqual(
      "unavailable" in without ? expect.objectContaining({ folder: cached }) : without,
    );
  });
});

it.each(["1.15.5", "2.8.4", "3.0.0"])("TensorFlow %s is refused with what to do", (version) => {
  expect(versionProblem(version)).toMatch(new RegExp(`TensorFlow ${version}, but 2.9 or a newer.*npm run native`));
});

it.each(["2.9.1", "2.10.0", "2.21.0-rc1"])("TensorFlow %s is taken", (version) => {
  expect(versionProblem(version)).toBeUndefined();
});

async function placeLibraries(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
    await writeFile(join(path, name), "no library");
  }
}
