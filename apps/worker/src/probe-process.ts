// Opens one executor, says what it is and how fast, and ends: a native library must neither stay in the worker nor take it down.
import { constants, setPriority } from "node:os";
import { type ExecutorName, measureGemm, openExecutor } from "@residual/model";
import type { ProbedExecutor } from "./probe/probed-executor.js";

/** In milliseconds. */
const MEASURING_TIME = 250;

async function probe(name: ExecutorName): Promise<ProbedExecutor> {
  const opened = await openExecutor(name);
  if ("unavailable" in opened) return { name, available: false, reason: opened.unavailable };
  const { device, threads, precisions } = opened;
  const gigaflops = Math.round(10 * (await measureGemm(opened, MEASURING_TIME))) / 10;
  return { name, available: true, device, threads, precisions, gigaflops };
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on("disconnect", () => process.exit(1));
const found = await probe(process.argv[2] as ExecutorName);
process.send!(found, () => process.exit(0));
