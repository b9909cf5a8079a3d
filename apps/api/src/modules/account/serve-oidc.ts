import type { Response } from "express";
import type { App, Context } from "../../context.js";
import { pendingSignInCookie, readCookie, sessionCookie } from "../../cookies.js";
import { isDatabaseAway } from "../../errors.js";
import type { HttpRoutes } from "../../http-routes.js";
import type { Log } from "../../log.js";
import { recordAudit } from "../audit/record-audit.js";
import { IdentityProvider, SignInFailed } from "./identity-provider.js";
import { addressToReturnTo, decodePending, encodePending, pendingMinutes } from "./pending-sign-in.js";
import { openSession } from "./session.js";
import { userOfIdentity } from "./user-of-identity.js";

const beginPath = "/sign-in/oidc";
const callbackPath = "/sign-in/oidc/callback";

/**
 * The way to the configured OpenID Connect provider and back; without one there is nothing at these addresses. Browsers come here by themselves: what
 * goes wrong is said on the sign-in page (?problem=…).
 */
export function serveOidc(routes: HttpRoutes, { env }: App, log: Log): void {
  const { RESIDUAL_OIDC_ISSUER: issuer, RESIDUAL_OIDC_CLIENT_ID: clientId, RESIDUAL_WEB_ORIGIN: origin } = env;
  if (issuer === undefined || clientId === undefined || origin === undefined) return;
  const callback = new URL(callbackPath, origin);
  const provider = new IdentityProvider({ issuer, clientId, clientSecret: env.RESIDUAL_OIDC_CLIENT_SECRET, callback });
  const refuse = (response: Response, error: unknown) => {
    const problem = error instanceof SignInFailed ? error.problem : isDatabaseAway(error) ? "busy" : "refused";
    log(`A sign-in with ${issuer} failed (${problem}): ${error instanceof Error ? error.message : String(error)}`);
    leadTo(response, new URL(`/sign-in?problem=${problem}`, origin));
  };

  routes.get(
    beginPath,
    ["PUBLIC"],
    "Signing in",
    async (context, request, response) => {
      const { return: path } = request.query;
      const { url, pending } = await provider.begin(typeof path === "string" ? path : "/");
      context.setCookie(pendingSignInCookie, encodePending(pending), new Date(Date.now() + pendingMinutes * 60_000));
      leadTo(response, url);
    },
    refuse,
  );
  routes.get(
    callbackPath,
    ["PUBLIC"],
    "Signing in",
    async (context, request, response) => {
      const pending = decodePending(readCookie(request, pendingSignInCookie));
      // Whatever comes of it: what was begun is over.
      context.setCookie(pendingSignInCookie, null);
      if (!pending) throw new SignInFailed("stale");
      const query = request.originalUrl.slice(request.originalUrl.indexOf("?") + 1);
      await enter(context, await provider.finish(query, pending));
      leadTo(response, new URL(addressToReturnTo(origin, pending.returnPath)));
    },
    refuse,
  );
}

async function enter(context: Context, identity: Awaited<ReturnType<IdentityProvider["finish"]>>): Promise<void> {
  const { db, pool, events } = context;
  const { userId, ended } = await userOfIdentity(pool, identity);
  for (const principal of ended) events.accessRevoked(principal);
  const { token, viewer } = await openSession(db, userId, context.userAgent);
  context.setCookie(sessionCookie, token, viewer.expiresAt ?? undefined);
  await recordAudit(context, { action: "signInWithProvider", projectId: null, objectIds: [] }, viewer);
}

/** The address that is left may hold a code: no page is told of it. */
function leadTo(response: Response, address: URL): void {
  response.set("Referrer-Policy", "no-referrer").redirect(303, address.href);
}
