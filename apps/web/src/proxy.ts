import { maxRequestBytes, requestTooLarge } from "@residual/shared";
import { type NextRequest, NextResponse } from "next/server";
import { apiUrl } from "@/lib/env";

/**
 * One origin for the browser: /graphql over HTTP, its WebSocket, /export and /image go to the API. A rewrite in next.config would freeze the
 * address at build time; this reads it when a request comes.
 *
 * A body that the API would refuse is refused here, in its words: Next would pass on the first 10 MB of it and let the API wait for the rest.
 */
export function proxy(request: NextRequest): NextResponse {
  if (Number(request.headers.get("content-length") ?? 0) > maxRequestBytes) {
    const extensions = { code: "TOO_LARGE", limit: maxRequestBytes };
    return NextResponse.json({ errors: [{ message: requestTooLarge, extensions }] }, { status: 413 });
  }
  const { pathname, search } = request.nextUrl;
  return NextResponse.rewrite(new URL(pathname + search, apiUrl()));
}

export const config = { matcher: ["/graphql", "/export/:file", "/image/:run/:images/:index"] };
