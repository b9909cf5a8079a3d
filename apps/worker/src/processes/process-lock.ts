import { createServer } from "node:net";
import { pause } from "../backoff.js";

const RETRY_SECONDS = 0.2;

/** Something that one process of this machine may hold at a time. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the lock of this name, or returns undefined where another process holds it. The kernel gives it back at the end of the process,
 * however that comes: it is an abstract socket, which only Linux has. Elsewhere every process gets it.
 */
export async function tryLock(name: string): Promise<ProcessLock | undefined> {
  if (process.platform !== "linux") return { release() {} };
  const server = createServer();
  const isHeld = await new Promise<boolean>((resolve, reject) => {
    server.once("listening", () => resolve(true));
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(`\0residual-${name}`);
  });
  if (!isHeld) return undefined;
  server.unref();
  return { release: () => void server.close() };
}

/** Takes the lock as soon as it is free. Throws the signal's reason when it is aborted before that. */
export async function waitForLock(name: string, signal: AbortSignal): Promise<ProcessLock> {
  for (;;) {
    const lock = await tryLock(name);
    if (lock) return lock;
    await pause(RETRY_SECONDS, signal);
  }
}
