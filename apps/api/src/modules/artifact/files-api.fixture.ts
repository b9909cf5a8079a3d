import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pieceBytes } from "@residual/shared";
import { startS3Server } from "../../blob/s3-server.fixture.js";
import { startTestServer, type TestServer } from "../../test-server.js";

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

type Headers = Record<string, string>;
type Begun = { id: string; offset: number; bytes: number; pieceBytes: number };
export type Completed = { id: string; name: string; version: number; sha256: string; bytes: number; path: string };

/** An API whose files are in a folder of their own or in an S3 server, with the requests of an upload one by one. */
export interface FilesApi {
  server: TestServer;
  owner: Headers;
  folder: string;
  /** A request as the owner, unless `headers` say who else. */
  request(method: string, path: string, body?: Uint8Array | string | object, headers?: Headers): Promise<Response>;
  begin(run: string, name: string, content: Uint8Array, changes?: object, headers?: Headers): Promise<Begun>;
  sendPiece(upload: string, content: Uint8Array, offset: number, headers?: Headers): Promise<Response>;
  /** All of it. */
  upload(run: string, name: string, content: Uint8Array, headers?: Headers): Promise<Completed>;
  /** Status, code and message of a refusal. */
  refusal(response: Response): Promise<string>;
  close(): Promise<void>;
}

export async function startFilesApi(
  where: "a folder" | "S3",
  settings: Record<string, string> = {},
): Promise<FilesApi> {
  const s3 = where === "S3" ? await startS3Server() : null;
  const folder = await mkdtemp(join(tmpdir(), "residual-files-"));
  const server = await startTestServer(null, { RESIDUAL_DATA: folder, ...s3?.settings, ...settings });
  const owner = await server.signIn();
  const request: FilesApi["request"] = (method, path, body, headers = owner) => {
    const isJson = body !== undefined && typeof body === "object" && !(body instanceof Uint8Array);
    return fetch(new URL(path, server.url), {
      method,
      headers: { ...(isJson && { "content-type": "application/json" }), ...headers },
      body: (isJson ? JSON.stringify(body) : body) as RequestInit["body"],
    });
  };
  const begin: FilesApi["begin"] = async (run, name, content, changes = {}, headers = owner) => {
    const input = { run, name, bytes: content.length, sha256: sha256(content), ...changes };
    const response = await request("POST", "/upload", input, headers);
    if (response.status !== 201) throw new Error(await refusal(response));
    return (await response.json()) as Begun;
  };
  const sendPiece: FilesApi["sendPiece"] = (id, content, offset, headers = owner) =>
    request("PATCH", `/upload/${id}`, content.subarray(offset, offset + pieceBytes), {
      ...headers,
      "upload-offset": String(offset),
    });
  return {
    ...{ server, owner, folder, request, begin, sendPiece, refusal },
    async upload(run, name, content, headers = owner) {
      const { id } = await begin(run, name, content, {}, headers);
      for (let offset = 0; offset < content.length; offset += pieceBytes) await sendPiece(id, content, offset, headers);
      const response = await request("POST", `/upload/${id}/complete`, undefined, headers);
      if (response.status !== 201) throw new Error(await refusal(response));
      return (await response.json()) as Completed;
    },
    async close() {
      await server.close();
      await s3?.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function refusal(response: Response): Promise<string> {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  return `${response.status} ${errors[0]!.extensions.code}: ${errors[0]!.message}`;
}
