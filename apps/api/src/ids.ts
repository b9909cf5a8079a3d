import { randomBytes } from "node:crypto";

/** Of what `node(id)` finds. */
export type IdPrefix = "prj" | "exp" | "run" | "dst" | "wrk" | "job" | "lnk" | "key" | "swp" | "art";
/** Of users, sessions, invites and uploads, which are reached through a project or by whoever they belong to only. */
type PersonalPrefix = "usr" | "ses" | "inv" | "upl";

let lastTime = 0;
let counter = 0;

/**
 * A new id: prefix, underscore, and a version-7 UUID (RFC 9562 §5.7) as hex without dashes. Ids made by one process
 * sort in the order in which they were made: 12 bits below the millisecond are a counter (method 1 of §6.2).
 */
export function newId(prefix: IdPrefix | PersonalPrefix): string {
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastTime++;
    counter = 0;
  }
  const random = randomBytes(8);
  random[0] = (random[0]! & 0x3f) | 0x80;
  const time = lastTime.toString(16).padStart(12, "0");
  return `${prefix}_${time}7${counter.toString(16).padStart(3, "0")}${random.toString("hex")}`;
}

/** The prefix of an id, or null when the text is no id. */
export function idPrefix(id: string): IdPrefix | null {
  const match = /^(prj|exp|run|dst|wrk|job|lnk|key|swp|art)_[0-9a-f]{32}$/.exec(id);
  return match ? (match[1] as IdPrefix) : null;
}

/** The moment in which an id was made: its first 48 bits are milliseconds since 1970. */
export function momentOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(4, 16), 16));
}

/** Below every id that was made at `moment` (milliseconds since 1970) or later, and above all earlier ones. */
export function idBound(prefix: IdPrefix, moment: number): string {
  const time = Math.min(Math.max(Math.ceil(moment), 0), 2 ** 48 - 1);
  return `${prefix}_${time.toString(16).padStart(12, "0")}`;
}
