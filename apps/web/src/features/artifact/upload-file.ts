import { pieceBytes, Sha256 } from "@residual/shared";

/** How far an upload is: its file is read for its hash first, then sent. Shares from 0 to 1. */
export type UploadProgress = { readonly phase: "reading" | "sending"; readonly share: number };

/** What the API refused, in its words. */
export class UploadRefused extends Error {}

const mostAttempts = 6;

/**
 * Uploads a file to a run, piece by piece. A piece that does not get through is sent again from where the API says that it stands, with growing pauses.
 * Throws an UploadRefused for what sending again would not change, and the signal's reason when it is aborted; then the API forgets what came.
 */
export async function uploadFile(
  run: string,
  file: File,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const sha256 = await hashOf(file, (share) => onProgress({ phase: "reading", share }), signal);
  const begin = { run, name: file.name, bytes: file.size, sha256, ...(file.type && { mediaType: file.type }) };
  const { id } = (await ask("POST", "/upload", signal, { json: begin })) as { id: string };
  try {
    let offset = 0;
    for (let failures = 0; offset < file.size; ) {
      onProgress({ phase: "sending", share: offset / file.size });
      try {
        await ask("PATCH", `/upload/${id}`, signal, { piece: file.slice(offset, offset + pieceBytes), offset });
        offset = Math.min(offset + pieceBytes, file.size);
        failures = 0;
      } catch (error) {
        if (error instanceof UploadRefused || signal.aborted || ++failures >= mostAttempts) throw error;
        await pause(2 ** failures * 250, signal);
        offset = await whereItStands(id, signal).catch(() => offset);
      }
    }
    await ask("POST", `/upload/${id}/complete`, signal);
  } catch (error) {
    void fetch(`/upload/${id}`, { method: "DELETE" }).catch(() => {});
    throw error;
  }
}

/** In slices, between which the page stays alive. */
async function hashOf(file: File, onShare: (share: number) => void, signal: AbortSignal): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += pieceBytes) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()));
    onShare(hash.length / file.size);
  }
  return hash.hex();
}

async function whereItStands(id: string, signal: AbortSignal): Promise<number> {
  return ((await ask("GET", `/upload/${id}`, signal)) as { offset: number }).offset;
}

type Sent = { json?: object; piece?: Blob; offset?: number };

/** The answer's JSON, or null. Throws an UploadRefused for 4xx but those that pass, any other Error for what may pass. */
async function ask(method: string, path: string, signal: AbortSignal, sent: Sent = {}): Promise<unknown> {
  const { json, piece, offset } = sent;
  const headers: Record<string, string> = {
    ...(json && { "content-type": "application/json" }),
    ...(piece && { "content-type": "application/octet-stream" }),
    ...(offset !== undefined && { "upload-offset": String(offset) }),
  };
  const response = await fetch(path, { method, headers, body: json ? JSON.stringify(json) : piece, signal });
  if (response.ok) return response.status === 204 ? null : response.json();
  const body = (await response.json().catch(() => ({}))) as { errors?: { message?: string }[] };
  const message = body.errors?.[0]?.message ?? `HTTP ${response.status}`;
  // A piece that arrived although its answer did not is at the wrong offset when it comes again.
  const mayPass = response.status >= 500 || response.status === 429 || (response.status === 409 && piece);
  throw mayPass ? new Error(message) : new UploadRefused(message);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
