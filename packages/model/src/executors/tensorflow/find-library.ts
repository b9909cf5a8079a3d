import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { remedy } from "./library-version.js";

/** A folder with TensorFlow's libraries. */
export interface FoundLibrary {
  readonly folder: string;
  /** The library that exports the C API. */
  readonly core: string;
  /** Where it comes from, for people. */
  readonly source: string;
}

/** In Python's wheels, and in tfjs-node's download. */
const coreNames = ["libtensorflow_cc.so.2", "libtensorflow.so.2"];

/**
 * Looks for a TensorFlow library: the folder in RESIDUAL_TENSORFLOW, an installed tfjs-node, the user's Python (2.16 or newer, not
 * imported), the user's cache. Returns the reason when there is none.
 */
export async function findTensorFlow(): Promise<FoundLibrary | { readonly unavailable: string }> {
  if (process.platform !== "linux") return { unavailable: `no known TensorFlow library for ${process.platform}` };
  const named = process.env.RESIDUAL_TENSORFLOW;
  if (named) {
    const found =
      libraryIn(named, "RESIDUAL_TENSORFLOW") ?? libraryIn(join(named, "tensorflow"), "RESIDUAL_TENSORFLOW");
    return (
      found ?? {
        unavailable: `RESIDUAL_TENSORFLOW is ${named}, but there is no libtensorflow_cc.so.2 (of a wheel) or libtensorflow.so.2 with its libtensorflow_framework.so.2 in it. ${remedy}`,
      }
    );
  }
  const python = await installedForPython();
  const found = installedForNode() ?? python.found ?? cached();
  if (found) return found;
  return {
    unavailable: `no TensorFlow library found (tfjs-node, Python's tensorflow >= 2.16${python.refused ?? ""}). ${remedy}`,
  };
}

function libraryIn(folder: string, source: string): FoundLibrary | undefined {
  const core = coreNames.find((name) => existsSync(join(folder, name)));
  return core && existsSync(join(folder, "libtensorflow_framework.so.2")) ? { folder, core, source } : undefined;
}

function installedForNode(): FoundLibrary | undefined {
  const { resolve } = createRequire(import.meta.url);
  for (const name of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    try {
      const found = libraryIn(join(dirname(resolve(`${name}/package.json`)), "deps", "lib"), name);
      if (found) return found;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}

/** Finds the package without importing it, which would take seconds and print warnings. */
const pythonProbe = `
import importlib.metadata as metadata, importlib.util as util, json
spec = util.find_spec("tensorflow")
version = None
for name in ("tensorflow", "tensorflow-cpu", "tf-nightly"):
    try:
        version = metadata.version(name)
        break
    except metadata.PackageNotFoundError:
        pass
print(json.dumps([spec and list(spec.submodule_search_locations)[0], version]))
`;

/** What Python has, or why it cannot be used. */
async function installedForPython(): Promise<{ readonly found?: FoundLibrary; readonly refused?: string }> {
  try {
    const { stdout } = await promisify(execFile)("python3", ["-c", pythonProbe], { timeout: 10_000 });
    const [folder, version] = JSON.parse(stdout) as [string | null, string | null];
    if (folder === null || version === null) return {};
    if (!isRecent(version)) return { refused: `; ${version} is installed, which has no C API` };
    return { found: libraryIn(folder, `Python's tensorflow ${version}`) };
  } catch {
    return {};
  }
}

/** Before 2.16 the wheels' library exported no C API. */
function isRecent(version: string): boolean {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  return major > 2 || (major === 2 && minor >= 16);
}

function cached(): FoundLibrary | undefined {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return libraryIn(join(cache, "residual", "tensorflow", "tensorflow"), "the cache of Residual");
}
