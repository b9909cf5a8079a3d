import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, ApiError } from "./api-client.js";
import type { Log } from "./log.js";
import { MetricSpool } from "./metric-spool.js";
import { MetricWriter } from "./metric-writer.js";

const REFUSED = ".refused";
const REFUSED_KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * Sends what earlier processes on this disk had logged and not yet brought to the API. To be called before the first claim: as long as
 * nobody has claimed their jobs anew, the API still takes these frames. Frames of a job that another worker holds now are
 * refused; they are set aside and deleted after a week.
 */
export async function sendLeftoverSpools(folder: string, api: ApiClient, log: Log, signal: AbortSignal): Promise<void> {
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const path = join(folder, name);
    if (!name.endsWith(REFUSED)) await sendSpool(path, api, log, signal);
    else if (Date.now() - (await stat(path)).mtimeMs > REFUSED_KEPT_MS)
      await rm(path, { recursive: true, force: true });
  }
}

async function sendSpool(path: string, api: ApiClient, log: Log, signal: AbortSignal): Promise<void> {
  let spool: MetricSpool;
  try {
    spool = MetricSpool.open(path);
  } catch (error) {
    log.warn("a spool cannot be read and is set aside", { path, reason: (error as Error).message });
    await rename(path, path + REFUSED);
    return;
  }
  const { waiting } = spool;
  try {
    await new MetricWriter(spool, api, undefined, signal).flush();
    if (waiting > 0)
      log.info("sent metrics that an earlier process had left", { run: spool.owner.run, frames: waiting });
    await spool.remove();
  } catch (error) {
    spool.close();
    if (!(error instanceof ApiError)) throw error;
    log.warn("the API refused metrics that an earlier process had left; they are set aside", {
      path,
      reason: error.message,
    });
    await rename(path, path + REFUSED);
  }
}
