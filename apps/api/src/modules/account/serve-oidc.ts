import type { Request, Response } from "express";
import type { App, Context } from "../../context.js";
import { pendingSignInCookie, readCookie, sessionCookie } from "../../cookies.js";
import { AppError, isDatabaseAway } from "../../errors.js";
import type { HttpRoutes } from "../../http-routes.js";
import type { Log } from "../../log.js";
import { Turns } from "../../turns.js";
import { recordAudit } from "../audit/record-audit.js";
import { IdentityProvider, SignInFailed } from "./identity-provider.js";
import { addressToReturnTo, decodePending, encodePending, pendingMinutes } from "./pending-sign-in.js";
import { openSession } from "./session.js";
import { userOfIdentity } from "./user-of-identity.js";

/** Each holds a connection to the provider, for some seconds where it is slow. */
const askedAtOnce = 8;
const mostWaiting = 64;

const beginPath = "/sign-in/oidc";
const callbackPath = "/sign-in/oidc/callback";

/**
 * The way to the configured OpenID Connect provider and back; without one there is nothing at these addresses. Browsers come here by themselves: what
 * goes wrong is said on the sign-in page (?problem=…), which keeps where they were going (return). Wrong answers are told to wait, as secrets are.
 */
export function serveOidc(routes: HttpRoutes, { env }: App, log: Log): void {
  const { RESIDUAL_OIDC_ISSUER: issuer, RESIDUAL_OIDC_CLIENT_ID: clientId, RESIDUAL_WEB_ORIGIN: origin } = env;
  if (issuer === undefined || clientId === undefined || origin === undefined) return;
  const callback = new URL(callbackPath, origin);
  const provider = new IdentityProvider({ issuer, clientId, clientSecret: env.RESIDUAL_OIDC_CLIENT_SECRET, callback });
  const turns = new Turns(askedAtOnce, { seats: mostWaiting, full: tooMany });
  const refuse = (response: Response, error: unknown, request: Request) => {
    const isBusy = isDatabaseAway(error) || error instanceof AppError;
    const problem = error instanceof SignInFailed ? error.problem : isBusy ? "busy" : "refused";
    log(`A sign-in with ${issuer} failed (${problem}): ${error instanceof Error ? error.message : String(error)}`);
    const page = new URL("/sign-in", origin);
    page.searchParams.set("problem", problem);
    // Whoever tries again goes on to where they were.
    const { pathname, search } = new URL(addressToReturnTo(origin, returnPathOf(request)));
    if (pathname + search !== "/") page.searchParams.set("return", pathname + search);
    leadTo(response, page);
  };

  routes.get(
    beginPath,
    ["PUBLIC"],
    "Signing in",
    async (context, request, response) => {
      const { url, pending } = await turns.take(() => provider.begin(returnPathOf(request)));
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
      const query = request.originalUrl.slice(request.originalUrl.indexOf("?") + 1);
      const identity = await context.attempts.provider.present(
        context.address,
        () => (pending ? turns.take(() => provider.finish(query, pending)) : notBegun()),
        (error) => error instanceof SignInFailed && error.problem !== "away",
      );
      await enter(context, identity);
      leadTo(response, new URL(addressToReturnTo(origin, pending?.returnPath ?? "/")));
    },
    refuse,
  );
}

/** Of who begins it stands in the address, of who comes back in the cookie. */
function returnPathOf(request: Request): string {
  const { return: path } = request.query;
  if (typeof path === "string") return path;
  return decodePending(readCookie(request, pendingSignInCookie))?.returnPath ?? "/";
}

async function notBegun(): Promise<never> {
  throw new SignInFailed("stale");
}

function tooMany(): AppError {
  return new AppError("RATE_LIMITED", "Many people sign in at the moment. Try again in a few seconds.");
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
