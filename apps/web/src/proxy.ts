import { maxRequestBytes, pieceBytes, requestTooLarge } from "@residual/shared";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy, nonceHeader } from "@/lib/content-security-policy";
import { apiUrl } from "@/lib/env";

/** What the API answers; everything else is a page. */
const ofApi =
  /^\/(graphql|sign-in\/oidc(\/callback)?|export\/[^/]+|image\/[^/]+\/[^/]+\/[^/]+|artifact\/[^/]+(\/preview)?|oembed|upload(\/[^/]+(\/complete)?)?)$/;

const mostBytes = Math.max(maxRequestBytes, pieceBytes);

/**
 * One origin for the browser: /graphql over HTTP, its WebSocket, /export, /image, /artifact, /upload, /oembed and /sign-in/oidc go to the API. A rewrite in next.config would freeze the
 * address at build time; this reads it when a request comes. Pages get a policy with a nonce of their own.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  return ofApi.test(pathname) ? toApi(request) : page(request, await sitesThatFrame(pathname));
}

/**
 * A body that the API would refuse is refused here, in its words: Next would pass on the first 10 MB of it and let the API wait for the rest.
 */
function toApi(request: NextRequest): NextResponse {
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) {
    const extensions = { code: "TOO_LARGE", limit: maxRequestBytes, requestId: crypto.randomUUID().slice(0, 8) };
    return NextResponse.json({ errors: [{ message: requestTooLarge, extensions }] }, { status: 413 });
  }
  const { pathname, search } = request.nextUrl;
  return NextResponse.rewrite(new URL(pathname + search, apiUrl()));
}

/** Of an embedded view those that its link names, of any other page none; none, too, where the API does not say. */
async function sitesThatFrame(pathname: string): Promise<readonly string[]> {
  const key = /^\/embed\/([\w-]{43})$/.exec(pathname)?.[1];
  if (key === undefined) return [];
  try {
    const response = await fetch(new URL(`/embed-origins/${key}`, apiUrl()), { signal: AbortSignal.timeout(5_000) });
    return response.ok ? ((await response.json()) as { origins: string[] }).origins : [];
  } catch {
    return [];
  }
}

/** Next reads the nonce for its own scripts from the policy in the request. */
function page(request: NextRequest, framedBy: readonly string[]): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, framedBy);
  const headers = new Headers(request.headers);
  headers.set(nonceHeader, nonce);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

/** Not what lies in files: it needs no policy, and its names say what is in it. */
export const config = { matcher: ["/((?!_next/static|_next/image|icon.svg).*)"] };
