import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** An NVIDIA GPU of this machine that the worker may use. */
export interface Gpu {
  /** "GPU-…": the same whatever order the GPUs are counted in. */
  readonly uuid: string;
  readonly name: string;
  readonly memoryBytes: number;
  readonly driver: string;
  /** "9.0"; unknown to drivers before 510. */
  readonly capability: string | undefined;
}

const LIMIT_MS = 20_000;

/** Asks NVIDIA's driver through `nvidia-smi`. Of the GPUs that it names only those in CUDA_VISIBLE_DEVICES, where that is set; none where there is no driver. */
export async function listGpus(env: NodeJS.ProcessEnv): Promise<Gpu[]> {
  const fields = "uuid,name,memory.total,driver_version";
  const text = (await query(`${fields},compute_cap`, env)) ?? (await query(fields, env)) ?? "";
  const gpus = text
    .split("\n")
    .filter((line) => line.startsWith("GPU-"))
    .map((line): Gpu => {
      const [uuid = "", name = "", mebibytes = "", driver = "", capability] = line
        .split(",")
        .map((part) => part.trim());
      return { uuid, name, memoryBytes: Number(mebibytes) * 2 ** 20, driver, capability };
    });
  return visible(gpus, env.CUDA_VISIBLE_DEVICES);
}

async function query(fields: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const args = [`--query-gpu=${fields}`, "--format=csv,noheader,nounits"];
    return (await promisify(execFile)("nvidia-smi", args, { env, timeout: LIMIT_MS })).stdout;
  } catch {
    return undefined;
  }
}

/** As CUDA reads the variable: numbers or beginnings of UUIDs, up to the first that means nothing. */
function visible(gpus: readonly Gpu[], names: string | undefined): Gpu[] {
  if (names === undefined) return [...gpus];
  const chosen: Gpu[] = [];
  for (const name of names.split(",").map((part) => part.trim())) {
    const gpu = /^\d+$/.test(name) ? gpus[Number(name)] : gpus.find(({ uuid }) => name !== "" && uuid.startsWith(name));
    if (!gpu) break;
    chosen.push(gpu);
  }
  return chosen;
}

/** What a process sees that works on this GPU alone; without one, what it saw before. */
export function environmentFor(gpu: Gpu | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return gpu ? { ...env, CUDA_VISIBLE_DEVICES: gpu.uuid } : env;
}
