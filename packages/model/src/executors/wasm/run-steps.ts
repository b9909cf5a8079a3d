import { setImmediate } from "node:timers/promises";
import type { Kernels } from "./kernels/kernels.js";
import type { KernelCall, Step } from "./lowering/lowering.js";

/** Longest time that heartbeats and stop requests wait, in milliseconds; a call in progress comes on top. */
const patience = 30;

/** Calls with more work are cut: 10 to 20 ms on two slow cores. */
const workPerCall = 4e8;

/** Runs the steps in order and lets the event loop turn in between. */
export async function runSteps(kernels: Kernels, steps: readonly Step[]): Promise<void> {
  let rested = performance.now();
  for (const step of steps) {
    if (typeof step === "function") step();
    else
      for (const [begin, end] of parts(step)) {
        kernels.run(step.kernel, step.parameters, begin, end, step.work);
        if (performance.now() - rested < patience) continue;
        await setImmediate();
        rested = performance.now();
      }
  }
}

/** Ranges of units, each of a bounded amount of work. */
function* parts({ units, work }: KernelCall): Generator<[number, number]> {
  const share = Math.max(1, Math.ceil((units * workPerCall) / Math.max(work, workPerCall)));
  for (let begin = 0; begin < units; begin += share) yield [begin, Math.min(units, begin + share)];
}
