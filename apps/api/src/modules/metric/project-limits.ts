import { AppError } from "../../errors.js";

/** How much a project may log, in this process. Generous: they stop a script that went mad, not one that is busy. */
export type IngestLimits = { pointsPerSecond: number; bytesPerDay: number };

export const defaultIngestLimits: IngestLimits = { pointsPerSecond: 2_000_000, bytesPerDay: 500e9 };

/** A burst may be as long as this at the full rate after a pause, as a spool that is drained is. */
const BURST_SECONDS = 10;
const SECONDS_A_DAY = 86_400;

type Spent = { points: number; bytes: number; at: number };

/**
 * Counts what each project logs in two leaky buckets. In memory: a restart forgives, and n API processes allow n times as much, which a guard
 * against accidents may, and which costs no statement.
 */
export class ProjectLimits {
  readonly #spent = new Map<number, Spent>();

  constructor(
    private readonly limits: IngestLimits,
    private readonly now: () => number = () => performance.now() / 1_000,
  ) {}

  /** Counts a frame, or throws RATE_LIMITED with what was exceeded, its limit and the seconds to wait. `project`: its dist_key. */
  take(project: number, points: number, bytes: number): void {
    const { pointsPerSecond, bytesPerDay } = this.limits;
    const now = this.now();
    const spent = this.#spent.get(project) ?? { points: 0, bytes: 0, at: now };
    this.#spent.set(project, spent);
    const passed = now - spent.at;
    spent.at = now;
    spent.points = Math.max(0, spent.points - passed * pointsPerSecond);
    spent.bytes = Math.max(0, spent.bytes - (passed * bytesPerDay) / SECONDS_A_DAY);
    // A frame that finds room is taken whole, however large: else one that is larger than the bucket could never be sent.
    const pointsOver = spent.points - pointsPerSecond * BURST_SECONDS;
    if (pointsOver >= 0) throw exceeded("pointsPerSecond", pointsPerSecond, (pointsOver + 1) / pointsPerSecond);
    const bytesOver = spent.bytes - bytesPerDay;
    if (bytesOver >= 0) throw exceeded("bytesPerDay", bytesPerDay, ((bytesOver + 1) / bytesPerDay) * SECONDS_A_DAY);
    spent.points += points;
    spent.bytes += bytes;
  }
}

const words = { pointsPerSecond: "points a second", bytesPerDay: "bytes a day" } as const;

function exceeded(what: keyof IngestLimits, limit: number, wait: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(wait));
  const message = `This project logs more than ${limit.toLocaleString("en")} ${words[what]}. Nothing was stored; send this again in ${retryAfterSeconds} s, log less often, or have the limit raised (docs/guide/deploy.md).`;
  return new AppError("RATE_LIMITED", message, { exceeded: what, limit, retryAfterSeconds });
}
