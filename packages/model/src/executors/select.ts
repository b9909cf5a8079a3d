import type { Executor } from "./executor.js";
import { measureGemm } from "./measure-gemm.js";

type ExecutorName = "tensorflow" | "wasm-blas" | "wasm" | "reference";

export interface SelectOptions {
  /** `auto` takes the first of tensorflow, wasm-blas, wasm that is available; a name insists on that one. */
  readonly prefer: "auto" | ExecutorName;
}

/** What became of one executor: why it was or was not chosen, and how fast it multiplies matrices. */
interface ExecutorTrial {
  readonly name: ExecutorName;
  readonly available: boolean;
  readonly chosen: boolean;
  /** Measured here; nothing where it is not available. */
  readonly gigaflops: number | null;
  readonly detail: string;
}

export interface ExecutorSelection {
  readonly executor: Executor;
  readonly tried: readonly ExecutorTrial[];
}

type Opened = Executor | { readonly unavailable: string };

/** In order of preference. Loaded only when asked for: a native library must not be touched by those who do not want it. */
const openers: Readonly<Record<ExecutorName, () => Promise<Opened>>> = {
  tensorflow: async () => (await import("./tensorflow/tensorflow.js")).openTensorFlow(),
  "wasm-blas": async () => (await import("./wasm/wasm-executor.js")).openWasmBlas(),
  wasm: async () => (await import("./wasm/wasm-executor.js")).openWasm(),
  reference: async () => (await import("./reference/reference-executor.js")).referenceExecutor,
};

/** Of one executor, in milliseconds. */
const measuringTime = 250;

/**
 * Opens the executors that may be used, measures each one that is there (all in all in about a second) and chooses.
 * Throws an Error that says what is missing where the preferred one is not available.
 */
export async function selectExecutor({ prefer }: SelectOptions): Promise<ExecutorSelection> {
  const names: readonly ExecutorName[] = prefer === "auto" ? ["tensorflow", "wasm-blas", "wasm"] : [prefer];
  const candidates = await Promise.all(names.map(async (name) => ({ name, opened: await open(name) })));
  const usable = candidates.find(({ opened }) => !("unavailable" in opened));
  if (usable === undefined || "unavailable" in usable.opened) {
    const reasons = candidates.map(
      ({ name, opened }) => `${name}: ${"unavailable" in opened ? opened.unavailable : ""}`,
    );
    throw new Error(
      `no executor is available. ${reasons.join("; ")}. Set RESIDUAL_EXECUTOR=auto to take what there is.`,
    );
  }

  const tried: ExecutorTrial[] = [];
  for (const { name, opened } of candidates) {
    const chosen = name === usable.name;
    if ("unavailable" in opened) {
      tried.push({ name, available: false, chosen, gigaflops: null, detail: opened.unavailable });
      continue;
    }
    const gigaflops = Math.round(10 * (await measureGemm(opened, measuringTime))) / 10;
    const reason = chosen ? "chosen" : `not needed: ${usable.name} is preferred`;
    tried.push({ name, available: true, chosen, gigaflops, detail: `${opened.device}; ${reason}` });
  }
  return { executor: usable.opened, tried };
}

async function open(name: ExecutorName): Promise<Opened> {
  try {
    return await openers[name]();
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}
