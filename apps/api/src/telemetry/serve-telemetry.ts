import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import type { App } from "../context.js";
import { errorBody } from "../error-body.js";
import { hashSecret } from "../secret.js";
import type { Telemetry } from "./telemetry.js";

/**
 * Prometheus's page, for whoever has the token of RESIDUAL_METRICS_TOKEN; without one, for programs of this machine that come directly: what a
 * proxy brings in may come from anywhere.
 */
export function serveTelemetry({ registry }: Telemetry, { env }: App): RequestHandler {
  return async (request, response) => {
    const { RESIDUAL_METRICS_TOKEN: token } = env;
    if (!mayScrape(request, token)) {
      const message = token
        ? "/metrics needs the token of RESIDUAL_METRICS_TOKEN: send it as Authorization: Bearer …"
        : "/metrics is for this machine alone. Set RESIDUAL_METRICS_TOKEN to scrape it through a proxy.";
      response.status(token ? 401 : 403).json(errorBody(request, token ? "UNAUTHENTICATED" : "FORBIDDEN", message));
      return;
    }
    try {
      response.set("Content-Type", registry.contentType).send(await registry.metrics());
    } catch {
      response.status(503).json(errorBody(request, "UNAVAILABLE", "The database does not answer. Try again."));
    }
  };
}

function mayScrape({ headers }: IncomingMessage, token: string | undefined): boolean {
  if (!token) return !["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => name in headers);
  return timingSafeEqual(hashSecret(headers.authorization ?? ""), hashSecret(`Bearer ${token}`));
}
