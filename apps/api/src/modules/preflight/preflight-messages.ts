import { fill, type MessageValues } from "@residual/shared";
import type { Message } from "../../message.js";

/** English text of every sentence that a preflight can say. Clients say them in other languages by their key. */
export const preflightMessages = {
  "preflight.memoryShort":
    "Even a single image at a time needs about {needed} GB of memory; the worker has {available} GB. Choose a smaller image size or network, or gradient checkpointing.",
  "preflight.memoryCut":
    "A whole batch needs about {needed} GB of memory; the worker has {available} GB. It will compute the batch in about {parts} parts of {images} images and add their gradients up, which takes a little longer. A smaller batch or image size avoids it.",
  "preflight.memoryTight":
    "Training needs about {needed} GB of the worker's {available} GB. Little is left for anything else on that machine.",
  "preflight.checkpointing":
    "With gradient checkpointing the memory is a rough estimate, and a step takes about a third longer than is said here.",
  "preflight.noWorker": "No worker is online. The run will wait until one is.",
  "preflight.scanning": "The dataset is still being scanned; the run waits for it, and its duration is not known yet.",
  "preflight.batchLargerThanSplit":
    "The batch of {batchSize} is larger than the {images} training images. Choose a smaller batch.",
  "preflight.speedFromWorker":
    "Nothing like this was trained here yet: the duration is what the worker's measured {gigaflops} GFLOP/s would allow; expect it to take longer.",
  "preflight.speedUnknown": "Nothing like this was trained here yet: its duration is not known.",
} as const;

export function sayPreflight(key: keyof typeof preflightMessages, values: MessageValues = {}): Message {
  return { key, values, text: fill(preflightMessages[key], values) };
}
