import { AttemptLimit } from "./attempt-limit.js";
import { openBlobStore } from "./blob/open-blob-store.js";
import { Connections } from "./connections.js";
import type { App } from "./context.js";
import type { Database } from "./database.js";
import { endedPrincipals } from "./ended-principals.js";
import type { Env } from "./env.js";
import { LiveEvents } from "./live/events.js";
import { openBus } from "./live/open-bus.js";
import { GapKeeper } from "./modules/evaluation/gap-keeper.js";
import { findUntoldGaps } from "./modules/evaluation/untold-gaps.js";
import { MetricFeed } from "./modules/metric/metric-feed.js";
import { MetricPath } from "./modules/metric/metric-path.js";
import { supersede } from "./modules/metric/supersede.js";
import { RunsToLog } from "./modules/run/runs-to-log.js";
import { findUntoldRuns } from "./modules/run/untold-runs.js";
import { openReadReplica } from "./read-replica/read-replica.js";

/** Everything that resolvers use and that lives as long as the process. `close` ends subscriptions, then commits what was accepted and tells it. */
export async function createApp(
  env: Env,
  { db, pool }: Database,
  log: (line: string) => void,
): Promise<{ app: App; close: () => Promise<void> }> {
  const events = new LiveEvents();
  const metrics = new MetricPath(pool, events, log, {
    pointsPerSecond: env.RESIDUAL_PROJECT_POINTS_PER_SECOND,
    bytesPerDay: env.RESIDUAL_PROJECT_BYTES_PER_DAY,
  });
  const feed = new MetricFeed(pool, events, log);
  const attempts = {
    signIn: new AttemptLimit(),
    password: new AttemptLimit(),
    invite: new AttemptLimit(),
    provider: new AttemptLimit(),
    openShareLink: new AttemptLimit(),
    sharePassword: new AttemptLimit(),
  };
  const replica = env.DATABASE_READ_URL ? openReadReplica(pool, env.DATABASE_READ_URL, log) : null;
  const connections = new Connections();
  const runsToLog = new RunsToLog(pool);
  const gaps = new GapKeeper({ db, pool, events, metrics }, log);
  const blobs = openBlobStore(env);
  const lasting = { env, db, pool, replica, events, blobs, metrics, gaps, runsToLog, feed, connections, attempts };
  const app: App = { ...lasting, supersede };
  events.onAccessRevoked((principal) => app.connections.revoke(principal));
  events.onMissed((seconds) => lookForUntold(app, seconds));
  const bus = openBus(env, pool.options, events, log);
  events.join(bus);
  await bus.ready;
  return {
    app,
    async close() {
      feed.close();
      await metrics.close();
      await gaps.close();
      await bus.close();
      await replica?.close();
    },
  };
}

/** Tells here what another process may have told unheard: changes of runs, news of gaps, ends of access. The metric feed looks by itself. */
async function lookForUntold({ pool, events, connections }: App, seconds: number): Promise<void> {
  const runs = await findUntoldRuns(pool, events.followedProjects, seconds);
  for (const run of runs) events.heard({ about: "run", run, change: "STATUS" });
  for (const run of await findUntoldGaps(pool, runs, seconds)) events.heard({ about: "gap", run });
  for (const principal of await endedPrincipals(pool, connections.principals, seconds)) connections.revoke(principal);
}
