import { parentPort, workerData } from "node:worker_threads";
import type { ImageSource } from "./image-source.js";
import { doImageWork, failureOf, type ImageWork, type StoredResult, type WorkFailure } from "./image-work.js";

export type Request = { readonly id: number; readonly work: ImageWork } | "end";
export type Reply = { readonly id: number } & ({ readonly result?: StoredResult } | { readonly failure: WorkFailure });

// The start of a thread of ImageThreads.
const port = parentPort!;
const source = workerData as ImageSource;

port.on("message", (request: Request) => {
  if (request === "end") {
    port.close();
    return;
  }
  const { id, work } = request;
  doImageWork(source, work).then(
    (result) => port.postMessage({ id, result } satisfies Reply, result ? [result.pixels.buffer as ArrayBuffer] : []),
    (error: unknown) => port.postMessage({ id, failure: failureOf(error) } satisfies Reply),
  );
});
