import { Field, ID, ObjectType } from "type-graphql";
import type { DataSource } from "typeorm";
import { notFound } from "../../errors.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { sessionLifetime } from "./session.js";
import { sessionPrincipal } from "./user.js";

@ObjectType({ simpleResolvers: true, description: "A browser in which somebody is signed in." })
export class UserSession {
  @Field(() => ID)
  id: string;

  @Field(() => String, { description: "As the browser calls itself; empty where it does not." })
  userAgent: string;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => DateTimeScalar, { description: "To the minute." })
  lastSeenAt: Date;

  @Field(() => DateTimeScalar)
  expiresAt: Date;

  @Field(() => Boolean, { description: "The one that asks." })
  isCurrent: boolean;
}

/** The open sessions of a user, the one used last first. */
export function listSessions(db: DataSource, userId: string, principal: string): Promise<UserSession[]> {
  return db.query(
    `SELECT id, user_agent AS "userAgent", created_at AS "createdAt", last_seen_at AS "lastSeenAt",
            expires_at AS "expiresAt", id = $2 AS "isCurrent"
     FROM session WHERE user_id = $1 AND expires_at > now() AND last_seen_at > now() - make_interval(days => $3) ORDER BY last_seen_at DESC, id`,
    [userId, principal.slice("session:".length), sessionLifetime.idleDays],
  );
}

/** Ends one session of a user, or all but the one that asks; returns their principals, whose sockets the caller closes. NOT_FOUND for another's. */
export async function endSessions(
  db: DataSource,
  userId: string,
  which: { id: string } | { butOf: string },
): Promise<string[]> {
  const [ended]: [{ id: string }[], number] =
    "id" in which
      ? await db.query("DELETE FROM session WHERE user_id = $1 AND id = $2 RETURNING id", [userId, which.id])
      : await db.query("DELETE FROM session WHERE user_id = $1 AND id <> $2 RETURNING id", [
          userId,
          which.butOf.slice("session:".length),
        ]);
  if ("id" in which && ended.length === 0) throw notFound("session", which.id);
  return ended.map(({ id }) => sessionPrincipal(id));
}
