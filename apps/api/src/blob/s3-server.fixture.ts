import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";

export interface S3Server {
  /** What the API's environment needs to use it. */
  readonly settings: {
    readonly S3_ENDPOINT: string;
    readonly S3_BUCKET: string;
    readonly S3_ACCESS_KEY_ID: string;
    readonly S3_SECRET_ACCESS_KEY: string;
  };
  close(): Promise<void>;
}

/** A server that speaks S3, checks signatures and keeps its objects in a folder of its own. It knows no AbortMultipartUpload: that is added here. */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "residual-s3-"));
  const server = new S3rver({
    ...{ port: 0, address: "127.0.0.1", silent: true, directory },
    configureBuckets: [{ name: "residual-blobs" }],
  });
  server.middleware.unshift(async (request, next) => {
    const { uploadId } = request.query;
    if (request.method !== "DELETE" || uploadId === undefined) return next();
    const parts = join(server.store.getResourcePath("residual-blobs", undefined, "uploads"), uploadId);
    const isKnown = await rm(parts, { recursive: true }).then(
      () => true,
      () => false,
    );
    request.status = isKnown ? 204 : 404;
  });
  const { port } = await server.run();
  return {
    settings: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: "residual-blobs",
      // What this server knows from the start.
      S3_ACCESS_KEY_ID: "S3RVER",
      S3_SECRET_ACCESS_KEY: "S3RVER",
    },
    async close() {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
