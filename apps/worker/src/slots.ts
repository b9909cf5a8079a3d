import { environmentFor, type Gpu, listGpus } from "./devices/gpus.js";
import type { Env } from "./env.js";
import type { Log } from "./log.js";
import { chooseExecutor, type ExecutorChoice } from "./probe/probe-executor.js";
import { type AvailableExecutor, isOnGpu } from "./probe/probed-executor.js";
import { type ProcessLock, tryLock } from "./processes/process-lock.js";
import { takeSlot } from "./worker-slot.js";

/** A place for one job at a time: a GPU, or the processors of a machine that trains on none. */
export interface Slot {
  /** Of the worker that the API sees in this slot. */
  readonly name: string;
  readonly gpu: Gpu | undefined;
  readonly choice: ExecutorChoice;
  /** What no other process may work on at the same time. */
  readonly device: string;
  /** Of the processes that work in it. */
  readonly env: NodeJS.ProcessEnv;
  release(): void;
}

/**
 * Takes the slots of this machine: one for each GPU that the executor uses and no other worker holds, else one on the processors; only the
 * first with `single`. Throws an Error where other workers hold every GPU.
 */
export async function takeSlots(env: Env, processEnv: NodeJS.ProcessEnv, single: boolean, log: Log): Promise<Slot[]> {
  const gpus = await listGpus(processEnv);
  const slots: Slot[] = [];
  for (const gpu of gpus) {
    const lock = await tryLock(`gpu-${gpu.uuid}`);
    if (!lock) {
      log.warn("this GPU is another worker's of this machine", { gpu: gpu.name, uuid: gpu.uuid });
      continue;
    }
    const slotEnv = environmentFor(gpu, processEnv);
    // GPUs of one kind are equal: eight of them need not be probed one after another.
    const equal = slots.find((slot) => slot.gpu!.name === gpu.name);
    const choice = equal?.choice ?? (await chooseExecutor(env.executor, slotEnv));
    if (!heedsCuda(choice.chosen)) {
      lock.release();
      log.warn("the worker does not choose among the GPUs", { gpus: gpus.length, executor: choice.chosen.device });
      return [await soleSlot(choice, env, processEnv)];
    }
    slots.push(slotOn({ gpu, lock }, choice, env, slotEnv));
    if (single) break;
  }
  if (slots.length > 0) return slots;
  if (gpus.length > 0) {
    throw new Error(
      `Other workers hold all ${gpus.length} GPUs that this one may use. Stop them, or name another GPU in CUDA_VISIBLE_DEVICES ("" for none).`,
    );
  }
  return [await soleSlot(await chooseExecutor(env.executor, processEnv), env, processEnv)];
}

/** Whether CUDA_VISIBLE_DEVICES says on which GPU the executor works. */
function heedsCuda(executor: AvailableExecutor): boolean {
  return executor.name === "tensorflow" && isOnGpu(executor);
}

/** On the processors, or on the one GPU that an executor finds by itself. */
async function soleSlot(choice: ExecutorChoice, env: Env, processEnv: NodeJS.ProcessEnv): Promise<Slot> {
  const { chosen } = choice;
  const lock = isOnGpu(chosen) ? await tryLock(`gpu-${chosen.name}`) : undefined;
  if (isOnGpu(chosen) && !lock) {
    throw new Error(
      `Another worker of this machine trains on ${chosen.device}. Stop it, or set RESIDUAL_EXECUTOR=wasm for this one.`,
    );
  }
  return slotOn({ gpu: undefined, lock }, choice, env, processEnv);
}

function slotOn(
  { gpu, lock }: { readonly gpu: Gpu | undefined; readonly lock: ProcessLock | undefined },
  choice: ExecutorChoice,
  { dataFolder }: Env,
  env: NodeJS.ProcessEnv,
): Slot {
  const place = takeSlot(dataFolder);
  return {
    name: place.name,
    gpu,
    choice,
    device: gpu?.uuid ?? place.name,
    env,
    release: () => {
      place.release();
      lock?.release();
    },
  };
}
