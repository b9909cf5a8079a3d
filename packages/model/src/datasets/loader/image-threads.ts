import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ImageSource } from "./image-source.js";
import { errorOf, type ImageWork, type StoredResult } from "./image-work.js";
import type { Reply, Request } from "./image-worker.js";

/** A core is left for the thread that trains. */
const defaultThreads = Math.max(1, availableParallelism() - 1);

/** Pieces of work that a thread has at a time: while a file is read or decoded for one, the pixels of another are worked on. */
const LANES = 2;

interface Waiting {
  readonly work: ImageWork;
  readonly resolve: (result: StoredResult | undefined) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly running: Map<number, Waiting>;
  readonly ended: Promise<void>;
}

/**
 * Threads that decode, resize and vary images. They start as there is work for them, at most `limit`; more work waits in the order in
 * which it came. They do not keep the process alive while they are idle.
 */
export class ImageThreads {
  private readonly threads: Thread[] = [];
  private readonly waiting: Waiting[] = [];
  private nextId = 0;
  private isClosed = false;

  constructor(
    private readonly source: ImageSource,
    readonly limit = defaultThreads,
  ) {}

  /** How much work is done at a time; more may be asked for. */
  get lanes(): number {
    return this.limit * LANES;
  }

  /** Rejects with a DatasetError for an image that cannot be used. */
  do(work: ImageWork): Promise<StoredResult | undefined> {
    if (this.isClosed) return Promise.reject(new Error("the store of images is closed"));
    return new Promise((resolve, reject) => {
      this.waiting.push({ work, resolve, reject });
      this.dispatch();
    });
  }

  /** Ends the threads once they are done with what they have begun. What waits is given up. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Error("the store of images was closed"));
    await Promise.all(
      this.threads.map(({ worker, ended }) => {
        worker.ref();
        worker.postMessage("end" satisfies Request);
        return ended;
      }),
    );
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const thread = this.freeThread();
      if (!thread) return;
      const next = this.waiting.shift()!;
      const id = this.nextId++;
      thread.running.set(id, next);
      thread.worker.ref();
      thread.worker.postMessage({ id, work: next.work } satisfies Request);
    }
  }

  /** The one with least to do; a new one before any has two things to do. */
  private freeThread(): Thread | undefined {
    let free: Thread | undefined;
    for (const thread of this.threads) {
      if (!free || thread.running.size < free.running.size) free = thread;
    }
    if ((!free || free.running.size > 0) && this.threads.length < this.limit) return this.start();
    return free && free.running.size < LANES ? free : undefined;
  }

  private start(): Thread {
    const name = import.meta.url.endsWith(".ts") ? "image-worker-from-source.mjs" : "image-worker.js";
    const worker = new Worker(new URL(name, import.meta.url), { workerData: this.source, name: "images" });
    const running = new Map<number, Waiting>();
    const thread: Thread = { worker, running, ended: new Promise((resolve) => worker.once("exit", () => resolve())) };
    worker.on("message", (reply: Reply) => {
      const done = running.get(reply.id)!;
      running.delete(reply.id);
      // While threads are being ended the process has to wait for them.
      if (running.size === 0 && !this.isClosed) worker.unref();
      if ("failure" in reply) done.reject(errorOf(reply.failure));
      else done.resolve(reply.result);
      this.dispatch();
    });
    worker.on("error", (error) => this.lose(thread, error));
    worker.on("exit", () => this.lose(thread, new Error("a thread that prepares images ended unexpectedly")));
    this.threads.push(thread);
    return thread;
  }

  /** A thread that died takes its work along; others go on. */
  private lose(thread: Thread, error: Error): void {
    const at = this.threads.indexOf(thread);
    if (at >= 0) this.threads.splice(at, 1);
    for (const { reject } of thread.running.values()) reject(error);
    thread.running.clear();
    if (!this.isClosed) this.dispatch();
  }
}
