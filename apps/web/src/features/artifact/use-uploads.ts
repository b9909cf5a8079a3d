"use client";
import { useSyncExternalStore } from "react";
import { type UploadProgress, UploadRefused, uploadFile } from "@/features/artifact/upload-file";

export interface OngoingUpload {
  readonly id: number;
  readonly run: string;
  readonly name: string;
  readonly progress: UploadProgress;
  /** Why it ended; null while it goes on. UNREACHABLE: the API did not answer for long. */
  readonly problem: string | null;
}

interface Uploads {
  readonly ongoing: readonly OngoingUpload[];
  /** How many have come to their end since the dashboard was opened. */
  readonly done: number;
}

// Not a component's: who looks at another page or tab meanwhile does not give them up.
const none: Uploads = { ongoing: [], done: 0 };
let uploads: Uploads = none;
let queue = Promise.resolve();
let nextId = 0;
const aborts = new Map<number, AbortController>();
const listeners = new Set<() => void>();

function set(next: Partial<Uploads>): void {
  uploads = { ...uploads, ...next };
  for (const listener of listeners) listener();
}

const without = (id: number) => uploads.ongoing.filter((upload) => upload.id !== id);

/** Uploads files to a run, one after the other. */
export function startUploads(run: string, files: readonly File[]): void {
  for (const file of files) {
    const id = nextId++;
    const abort = new AbortController();
    aborts.set(id, abort);
    const change = (changes: Partial<OngoingUpload>) =>
      set({ ongoing: uploads.ongoing.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)) });
    const begun: OngoingUpload = { id, run, name: file.name, progress: { phase: "reading", share: 0 }, problem: null };
    set({ ongoing: [...uploads.ongoing, begun] });
    queue = queue.then(async () => {
      try {
        await uploadFile(run, file, (progress) => change({ progress }), abort.signal);
        set({ ongoing: without(id), done: uploads.done + 1 });
      } catch (error) {
        change({ problem: error instanceof UploadRefused ? error.message : "UNREACHABLE" });
      } finally {
        aborts.delete(id);
      }
    });
  }
}

/** Gives an upload up, or dismisses what is said of one that has ended. */
export function removeUpload(id: number): void {
  aborts.get(id)?.abort(new Error("given up"));
  set({ ongoing: without(id) });
}

export function useUploads(): Uploads {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
    () => none,
  );
}
