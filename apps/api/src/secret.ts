import { createHash, randomBytes, randomUUID } from "node:crypto";

/** A token of 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What a line of the log is found by; no secret, and a fiftieth of one's cost. */
export function newRequestId(): string {
  return randomUUID().slice(0, 8);
}

/** What is stored of a token, and what it is found by: its SHA-256. With 256 random bits nothing slower is needed. */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
