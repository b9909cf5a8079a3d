import { join } from "node:path";
import { selectExecutor } from "@residual/model";
import { ApiClient } from "./api-client.js";
import { claimLoop } from "./claim-loop.js";
import { describeWorker, environmentOf } from "./describe-worker.js";
import { type Env, readEnv } from "./env.js";
import { sendLeftoverSpools } from "./leftover-spools.js";
import { createLog } from "./log.js";
import { listenForShutdown } from "./shutdown.js";
import { takeSlot } from "./worker-slot.js";

const log = createLog((line) => process.stdout.write(line));

async function main(env: Env): Promise<void> {
  const { begun, deadline } = listenForShutdown((why) => log.info("shutting down", { why }));
  const slot = takeSlot(env.dataFolder);
  const selected = await selectExecutor({ prefer: env.executor });
  const description = describeWorker(slot.name, selected);
  log.info("executor chosen", {
    name: description.backend,
    device: description.device,
    gigaflops: description.gigaflops,
  });

  const api = new ApiClient(env.apiUrl, env.workerKey, log);
  const folders = {
    checkpoints: join(env.dataFolder, "checkpoints"),
    spools: join(env.dataFolder, "spool", slot.name),
    scans: join(env.dataFolder, "scans"),
    pixels: join(env.dataFolder, "pixels"),
  };
  await sendLeftoverSpools(folders.spools, api, log, begun);
  const environment = environmentOf(description);
  await claimLoop(description, {
    api,
    executor: selected.executor,
    folders,
    log,
    shutdown: begun,
    deadline,
    environment,
  });
}

try {
  await main(readEnv(process.env));
  log.info("ended");
  process.exit(0);
} catch (error) {
  log.warn("the worker cannot go on", { reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
