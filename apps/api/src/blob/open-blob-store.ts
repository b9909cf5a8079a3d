import type { Env } from "../env.js";
import type { BlobStore } from "./blob-store.js";
import { LocalBlobs } from "./local-blobs.js";
import { S3Blobs } from "./s3-blobs.js";

/** The bucket of S3_ENDPOINT where it is set, else the data folder. */
export function openBlobStore(env: Env): BlobStore {
  if (env.S3_ENDPOINT === undefined) return new LocalBlobs(env.RESIDUAL_DATA);
  return new S3Blobs({
    endpoint: env.S3_ENDPOINT,
    bucket: env.S3_BUCKET!,
    region: env.S3_REGION,
    accessKeyId: env.S3_ACCESS_KEY_ID!,
    secretAccessKey: env.S3_SECRET_ACCESS_KEY!,
  });
}
