import { z } from "zod";
import type { PendingSignIn } from "./identity-provider.js";

/** Long enough for a password and a second factor. */
export const pendingMinutes = 10;
const longestPath = 1_000;

const pendingSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnPath: z.string(),
});

/** As the value of a cookie. Of a path that is too long for one the start page is left. */
export function encodePending(pending: PendingSignIn): string {
  const returnPath = pending.returnPath.length > longestPath ? "/" : pending.returnPath;
  return Buffer.from(JSON.stringify({ ...pending, returnPath })).toString("base64url");
}

/** null for what encodePending has not written. */
export function decodePending(value: string | undefined): PendingSignIn | null {
  try {
    return pendingSignIn.parse(JSON.parse(Buffer.from(value ?? "", "base64url").toString()));
  } catch {
    return null;
  }
}

/** Where to go on to: a page of the dashboard, whatever the path says. Whole, as a path that begins with // would lead elsewhere. */
export function addressToReturnTo(origin: string, path: string): string {
  const address = URL.canParse(path, origin) ? new URL(path, origin) : null;
  return address?.origin === new URL(origin).origin ? address.href : new URL("/", origin).href;
}
