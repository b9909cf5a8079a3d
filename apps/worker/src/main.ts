import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { architecture, selectExecutor } from "@residual/model";
import { ApiClient } from "./api-client.js";
import { claimLoop } from "./claim-loop.js";
import { describeWorker, environmentOf } from "./describe-worker.js";
import { type Env, readEnv } from "./env.js";
import { sendLeftoverSpools } from "./leftover-spools.js";
import { createLog } from "./log.js";
import { listenForShutdown, type Shutdown } from "./shutdown.js";
import { takeSlot, type WorkerSlot } from "./worker-slot.js";

const log = createLog((line) => process.stdout.write(line));

async function work(env: Env, slot: WorkerSlot, { begun, deadline }: Shutdown): Promise<void> {
  const selected = await selectExecutor({ prefer: env.executor });
  const description = describeWorker(slot.name, selected);
  const { backend, device, gigaflops } = description;
  log.info("executor chosen", { worker: slot.name, name: backend, device, gigaflops });

  const api = new ApiClient(env.apiUrl, env.workerKey, log);
  const folders = {
    checkpoints: join(env.dataFolder, "checkpoints"),
    spools: join(env.dataFolder, "spool", slot.name),
    scans: join(env.dataFolder, "scans"),
    pixels: join(env.dataFolder, "pixels"),
  };
  // Before the first claim, which fences whatever an earlier process had not sent.
  await sendLeftoverSpools(folders.spools, api, log, begun);
  const environment = environmentOf(description);
  const { executor } = selected;
  await claimLoop(description, { api, executor, architecture, folders, log, shutdown: begun, deadline, environment });
}

async function main(): Promise<number> {
  const shutdown = listenForShutdown((why) => log.info("shutting down", { why }));
  let slot: WorkerSlot | undefined;
  try {
    const env = readEnv(process.env);
    slot = takeSlot(env.dataFolder);
    await work(env, slot, shutdown);
  } catch (error) {
    if (!shutdown.begun.aborted) {
      log.warn("the worker cannot go on", { reason: error instanceof Error ? error.message : String(error) });
      return 1;
    }
  } finally {
    slot?.release();
  }
  log.info("ended");
  return 0;
}

// Training fills every core; the API and the dashboard of the same machine must answer all the same.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.exit(await main());
