import type { IncomingMessage } from "node:http";
import type { DataSource } from "typeorm";
import type { Context } from "./context.js";
import { readCookie, sessionCookie, shareCookie } from "./cookies.js";
import { AppError, isDatabaseAway, isDiskFull } from "./errors.js";
import { viewerOfApiKey } from "./modules/account/api-key.js";
import { viewerOfSession } from "./modules/account/session.js";
import { viewerOfShareSession } from "./modules/share-link/share-session.js";

export type Authentication = Pick<Context, "viewer" | "share" | "sessionToken"> & {
  /** The session's token is to be replaced: see rotateSession. */
  isDue: boolean;
};

/**
 * Who sends a request, over HTTP and WebSocket alike: the bearer of the Authorization header, else the session of a person,
 * else the holder of a share link. A header with an unknown key is an error, an ended cookie is nobody.
 * `authorization` replaces the header: browsers cannot set it on a WebSocket.
 */
export async function authenticate(
  db: DataSource,
  request: IncomingMessage,
  authorization?: string,
): Promise<Authentication> {
  try {
    const bearer = bearerOf(authorization ?? request.headers.authorization);
    if (bearer !== null) {
      const viewer = await viewerOfBearer(db, bearer);
      return { viewer, share: viewer.kind === "SHARE_LINK" ? viewer : null, sessionToken: null, isDue: false };
    }
    const sessionToken = readCookie(request, sessionCookie) ?? null;
    const session = sessionToken ? await viewerOfSession(db, sessionToken) : null;
    const shareToken = readCookie(request, shareCookie);
    const share = shareToken ? await viewerOfShareSession(db, shareToken) : null;
    return { viewer: session?.viewer ?? share, share, sessionToken, isDue: session?.isDue ?? false };
  } catch (error) {
    throw isDatabaseAway(error) ? databaseAway(error) : error;
  }
}

/** Said when a request meets a database that is away: it may simply be repeated. */
export function databaseAway(cause: unknown): AppError {
  return new AppError(
    "UNAVAILABLE",
    isDiskFull(cause)
      ? "The database has no space left on its disk, so nothing of this request is stored. Free some space there; then repeat the request."
      : "The database cannot be reached at the moment, so nothing is confirmed; repeat the request in a few seconds.",
    {
      http: { status: 503 },
    },
  );
}

async function viewerOfBearer(db: DataSource, bearer: string) {
  const viewer = (await viewerOfApiKey(db, bearer)) ?? (await viewerOfShareSession(db, bearer));
  if (viewer) return viewer;
  throw new AppError(
    "UNAUTHENTICATED",
    "The key in the Authorization header is unknown, expired or revoked. Make a new one in the dashboard.",
    {
      http: { status: 401 },
    },
  );
}

function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const match = /^Bearer +(\S+)$/i.exec(authorization);
  if (match) return match[1]!;
  throw new AppError("UNAUTHENTICATED", 'The Authorization header must read "Bearer res_…".', {
    http: { status: 401 },
  });
}
