import { createRequire } from "node:module";
import { openSgemm } from "./sgemm.js";

/** An OpenBLAS that can be loaded, and by what. */
export interface BlasLibrary {
  /** Path of the npm package that calls native functions. */
  readonly koffi: string;
  readonly library: string;
  /** For people, such as "OpenBLAS 0.3.21". */
  readonly name: string;
}

/** As Debian's libopenblas0-pthread and its relatives install it. */
const libraryName = "libopenblas.so.0";

/**
 * Looks for OpenBLAS and koffi; neither is needed, says what is missing. Its own threads are switched off: they go on looking for work
 * after each product and hold up those of our kernels, which call it instead.
 */
export function findBlas(): BlasLibrary | { readonly unavailable: string } {
  const require = createRequire(import.meta.url);
  let path: string;
  let koffi: typeof import("koffi");
  try {
    path = require.resolve("koffi");
    koffi = require(path) as typeof import("koffi");
  } catch (error) {
    return { unavailable: `the optional package koffi cannot be used (${(error as Error).message.split("\n")[0]})` };
  }
  try {
    const library = koffi.load(libraryName);
    library.func("void openblas_set_num_threads(int threads)")(1);
    const config = library.func("const char *openblas_get_config()")() as string;
    return { koffi: path, library: libraryName, name: config.split(" ").slice(0, 2).join(" ") };
  } catch (error) {
    return { unavailable: `${libraryName} cannot be loaded (${(error as Error).message})` };
  }
}

/** The product kernel of the calling thread. */
export function loadSgemm({ koffi, library }: BlasLibrary, memory: { readonly buffer: SharedArrayBuffer }) {
  const require = createRequire(import.meta.url);
  return openSgemm(require(koffi) as typeof import("koffi"), library, memory);
}
