import { AttemptLimit } from "./attempt-limit.js";
import { Connections } from "./connections.js";
import type { App } from "./context.js";
import type { Database } from "./database.js";
import type { Env } from "./env.js";
import { LiveEvents } from "./live/events.js";
import { MetricFeed } from "./modules/metric/metric-feed.js";
import { MetricPath } from "./modules/metric/metric-path.js";
import { supersede } from "./modules/metric/supersede.js";

/** Everything that resolvers use and that lives as long as the process. `close` ends subscriptions, then commits what was accepted. */
export function createApp(
  env: Env,
  { db, pool }: Database,
  log: (line: string) => void,
): { app: App; close: () => Promise<void> } {
  const events = new LiveEvents();
  const metrics = new MetricPath(pool, events, log);
  const feed = new MetricFeed(pool, events, log);
  const attempts = { signIn: new AttemptLimit(), openShareLink: new AttemptLimit() };
  const app: App = { env, db, pool, events, metrics, feed, connections: new Connections(), attempts, supersede };
  return {
    app,
    async close() {
      feed.close();
      await metrics.close();
    },
  };
}
