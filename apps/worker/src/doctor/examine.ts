import { hostname } from "node:os";
import type { DoctorCheck, DoctorReport } from "@residual/shared";
import { workerVersion } from "../describe-worker.js";
import { environmentFor, listGpus } from "../devices/gpus.js";
import type { DoctorSettings } from "../env.js";
import { probeAll } from "../probe/probe-executor.js";
import { isOnGpu } from "../probe/probed-executor.js";
import { examineDisk } from "./examine-disk.js";
import { examineDriver, examineLibrary, examineTraining, reportExecutor } from "./examine-executors.js";
import { examineLoader } from "./examine-loader.js";
import { examineMemory, examineNode } from "./examine-machine.js";

/** Examines what training on this machine stands on; takes some ten seconds and needs no API. */
export async function examine({ dataFolder, executor }: DoctorSettings, env: NodeJS.ProcessEnv): Promise<DoctorReport> {
  const gpus = await listGpus(env);
  const probed = await probeAll(executor, { env: environmentFor(gpus[0], env), trains: true });
  const available = probed.filter((one) => one.available);
  const chosen = available.find(isOnGpu) ?? available[0];
  const checks = [
    examineNode(),
    examineMemory(),
    examineDriver(gpus, chosen),
    examineLibrary(probed),
    examineTraining(probed, chosen),
    examineDisk(dataFolder),
    await examineLoader(),
  ].filter((check): check is DoctorCheck => check !== undefined);
  return {
    examinedAt: new Date().toISOString(),
    host: hostname(),
    version: workerVersion(),
    healthy: checks.every(({ ok }) => ok),
    checks,
    executors: probed.map((one) => reportExecutor(one, chosen)),
  };
}
