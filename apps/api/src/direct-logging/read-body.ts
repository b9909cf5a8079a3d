import type { IncomingMessage } from "node:http";
import { maxRequestBytes } from "@residual/shared";

const plainJson = /^application\/json *(; *charset="?utf-8"?)?$/i;

/** Whether a body can be taken as it comes: JSON of a length that is said and allowed, not compressed. */
export function hasPlainJson({ headers }: IncomingMessage): boolean {
  const length = Number(headers["content-length"]);
  return (
    length > 0 &&
    length <= maxRequestBytes &&
    headers["content-encoding"] === undefined &&
    plainJson.test(headers["content-type"] ?? "")
  );
}

/** The body of such a request. Never settles where the peer leaves in the middle of it: then nobody waits for an answer. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
  });
}
