// Opens one executor, says what it is and how fast, and ends: a native library must neither stay in the worker nor take it down.
import { type ExecutorName, measureGemm, openExecutor } from "@residual/model";
import { measureSteps } from "./probe/measure-steps.js";
import type { ProbedExecutor } from "./probe/probed-executor.js";
import { stepBack } from "./processes/step-back.js";

/** In milliseconds. */
const MEASURING_TIME = 250;

async function probe(name: ExecutorName, trains: boolean): Promise<ProbedExecutor> {
  const opened = await openExecutor(name);
  if ("unavailable" in opened) return { name, available: false, reason: opened.unavailable };
  const { device, threads, precisions } = opened;
  const gigaflops = Math.round(10 * (await measureGemm(opened, MEASURING_TIME))) / 10;
  const steps = trains ? await measureSteps(opened) : [];
  return { name, available: true, device, threads, precisions, gigaflops, steps };
}

stepBack();
process.on("disconnect", () => process.exit(1));
const found = await probe(process.argv[2] as ExecutorName, process.argv[3] === "train");
process.send!(found, () => process.exit(0));
