"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type UploadProgress, UploadRefused, uploadFile } from "@/features/artifact/upload-file";

export interface OngoingUpload {
  readonly id: number;
  readonly name: string;
  readonly progress: UploadProgress;
  /** Why it ended; null while it goes on. UNREACHABLE: the API did not answer for long. */
  readonly problem: string | null;
}

/** The uploads to a run that this page has begun, one after the other; `onDone` after each. Who leaves the page gives up what is left. */
export function useUploads(run: string, onDone: () => void) {
  const [uploads, setUploads] = useState<readonly OngoingUpload[]>([]);
  const aborts = useRef(new Map<number, AbortController>());
  const queue = useRef(Promise.resolve());
  const nextId = useRef(0);
  const latest = useRef(onDone);
  latest.current = onDone;

  useEffect(() => {
    const open = aborts.current;
    return () => {
      for (const abort of open.values()) abort.abort(new Error("left"));
    };
  }, []);

  const remove = useCallback((id: number) => {
    aborts.current.get(id)?.abort(new Error("given up"));
    setUploads((all) => all.filter((upload) => upload.id !== id));
  }, []);

  const start = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        const id = nextId.current++;
        const abort = new AbortController();
        aborts.current.set(id, abort);
        const change = (changes: Partial<OngoingUpload>) =>
          setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));
        setUploads((all) => [...all, { id, name: file.name, progress: { phase: "reading", share: 0 }, problem: null }]);
        queue.current = queue.current.then(async () => {
          try {
            await uploadFile(run, file, (progress) => change({ progress }), abort.signal);
            setUploads((all) => all.filter((upload) => upload.id !== id));
            latest.current();
          } catch (error) {
            change({ problem: error instanceof UploadRefused ? error.message : "UNREACHABLE" });
          } finally {
            aborts.current.delete(id);
          }
        });
      }
    },
    [run],
  );
  return { uploads, start, remove };
}
