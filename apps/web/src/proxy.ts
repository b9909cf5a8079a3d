import { NextResponse } from "next/server";
import { apiUrl } from "@/lib/env";

/**
 * One origin for the browser: /graphql over HTTP and its WebSocket go to the API. A rewrite in next.config would freeze the
 * address at build time; this reads it when a request comes.
 */
export function proxy(): NextResponse {
  return NextResponse.rewrite(new URL("/graphql", apiUrl()));
}

export const config = { matcher: "/graphql" };
