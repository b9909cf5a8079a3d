import type { IncomingMessage } from "node:http";

export const sessionCookie = "residual_session";
export const shareCookie = "residual_share";
/** Of a browser in which a password was right once. It opens nothing: see password.ts. */
export const deviceCookie = "residual_device";
/** Of a browser that was sent to the OpenID Connect provider and is to come back. */
export const pendingSignInCookie = "residual_oidc";

/** The value of a cookie of the request, or undefined. Our values are base64url: nothing to decode. */
export function readCookie(request: IncomingMessage, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [key, ...value] = part.split("=");
    if (key?.trim() === name) return value.join("=").trim();
  }
  return undefined;
}

/**
 * A Set-Cookie header that scripts cannot read and other sites cannot send along with a POST. null removes the cookie.
 * `isSecure`: the dashboard is reached by https, and the cookie travels by nothing else.
 */
export function formatCookie(
  name: string,
  value: string | null,
  expiresAt: Date | undefined,
  isSecure: boolean,
): string {
  const expires = value === null ? new Date(0) : expiresAt;
  return [
    `${name}=${value ?? ""}`,
    "Path=/",
    "HttpOnly",
    "SameSite=Lax",
    isSecure && "Secure",
    expires && `Expires=${expires.toUTCString()}`,
  ]
    .filter(Boolean)
    .join("; ");
}
