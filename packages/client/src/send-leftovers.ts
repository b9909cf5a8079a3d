import { existsSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type OnProblem, printProblem } from "./problem.js";
import { Sender } from "./sender.js";
import { MetricSpool } from "./spool/metric-spool.js";
import { ApiTransport } from "./transport/api-transport.js";
import type { ApiAccess } from "./transport/ask-graphql.js";
import { Refused } from "./transport/transport.js";

const REFUSED = ".refused";
const REFUSED_KEPT_MS = 7 * 24 * 3600 * 1000;
/** Answers about the key, not about the metrics: with another key they are taken. */
const aboutTheKey = new Set(["UNAUTHENTICATED", "FORBIDDEN"]);

export interface LeftoverOptions extends ApiAccess {
  readonly onProblem?: OnProblem;
  /** Aborted to stop; what is left stays on disk. */
  readonly signal?: AbortSignal;
}

/**
 * Sends what earlier processes logged into this folder and had not brought to the API when they ended; what living ones hold is theirs. Resolves
 * once nothing is left to send, with the number of points sent. What the API refuses for good, or what cannot be read, is set aside
 * (`….refused`) and deleted after a week.
 */
export async function sendLeftovers(spoolFolder: string, options: LeftoverOptions): Promise<number> {
  const { onProblem = printProblem, signal, ...access } = options;
  let sent = 0;
  for (const name of await readdir(spoolFolder).catch(() => [] as string[])) {
    if (signal?.aborted) break;
    const folder = join(spoolFolder, name);
    if (name.endsWith(REFUSED)) await forgetAfterAWeek(folder);
    else if (existsSync(join(folder, "owner.json"))) sent += await sendSpool(folder, access, onProblem, signal);
  }
  return sent;
}

async function forgetAfterAWeek(folder: string): Promise<void> {
  const { mtimeMs } = await stat(folder);
  if (Date.now() - mtimeMs > REFUSED_KEPT_MS) await rm(folder, { recursive: true, force: true });
}

async function sendSpool(
  folder: string,
  access: ApiAccess,
  onProblem: OnProblem,
  signal: AbortSignal | undefined,
): Promise<number> {
  let spool: MetricSpool | undefined;
  try {
    spool = MetricSpool.open(folder, { fsync: "never", diskLimit: 0, memoryLimit: 0, onDisk: () => {} });
  } catch (error) {
    await rename(folder, folder + REFUSED);
    const message = `Metrics of an earlier process in ${folder} cannot be read and are set aside: ${(error as Error).message}`;
    onProblem({ kind: "leftover", message });
  }
  if (!spool) return 0;
  const waiting = spool.waitingPoints;
  // Its own "refused" would say that the metrics stay here; what becomes of them is said below.
  const tell: OnProblem = (problem) => problem.kind !== "refused" && onProblem(problem);
  const sender = new Sender(spool, new ApiTransport(access, spool.owner), tell);
  let refusal: Error | undefined;
  try {
    await sender.drained(signal);
  } catch (error) {
    refusal = error as Error;
  }
  const sent = waiting - spool.waitingPoints;
  const isDone = spool.waitingPoints === 0;
  await sender.stop();
  if (isDone) await spool.remove();
  else spool.close();
  if (sent > 0) {
    const message = `${sent} points that an earlier process had left were sent to run ${spool.owner.run}.`;
    onProblem({ kind: "leftover", message });
  }
  if (refusal) await tellRefused(folder, refusal, onProblem);
  return sent;
}

async function tellRefused(folder: string, refusal: Error, onProblem: OnProblem): Promise<void> {
  const isAboutKey = refusal instanceof Refused && aboutTheKey.has(refusal.code);
  if (!isAboutKey) await rename(folder, folder + REFUSED);
  const what = isAboutKey ? "stay there; send them with another key" : "are set aside and deleted after a week";
  const message = `Metrics of an earlier process in ${folder} were refused and ${what}: ${refusal.message}`;
  onProblem({ kind: "leftover", message });
}
