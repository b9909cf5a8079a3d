import {
  type ArchitectureSpec,
  type Executor,
  type InferenceSpeed,
  measureLatency,
  type StartedEvent,
} from "@residual/model";
import type { Log } from "../log.js";

/** What the measuring may take, in seconds, of single images and of batches. */
const BUDGET = 10;
/** Forward alone is about a third of a training step. */
const FORWARD_SPEEDUP = 3;
/** Images a second of a training that was too short to be timed. */
const ASSUMED_SPEED = 10;
/** Batches that are run, those to warm up among them. */
const BATCHES = 6;

export interface InferenceSubject {
  readonly executor: Executor;
  readonly architecture: ArchitectureSpec;
  readonly started: StartedEvent;
  /** While it was trained. */
  readonly imagesPerSecond: number | undefined;
  readonly log: Log;
  /** Ends the measuring, which nobody waits for. */
  readonly signal: AbortSignal;
}

/** How fast the trained network answers on this machine, in some seconds; nothing where that cannot be measured. */
export async function measureInference(subject: InferenceSubject): Promise<Partial<InferenceSpeed>> {
  const { executor, architecture, started, imagesPerSecond = ASSUMED_SPEED, log, signal } = subject;
  const { imageSize, classes } = started;
  const images = BUDGET * FORWARD_SPEEDUP * imagesPerSecond;
  const singles = Math.round(Math.min(40, Math.max(5, images)));
  const batchSize = Math.round(Math.min(32, Math.max(1, images / BATCHES)));
  const ended = new Promise<Partial<InferenceSpeed>>((resolve) => {
    if (signal.aborted) resolve({});
    signal.addEventListener("abort", () => resolve({}), { once: true });
  });
  try {
    return await Promise.race([
      ended,
      measureLatency(executor, { architecture, imageSize, classes, singles, batchSize }),
    ]);
  } catch (error) {
    log.warn("the speed of inference could not be measured", { reason: (error as Error).message });
    return {};
  }
}
