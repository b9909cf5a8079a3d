import type pg from "pg";
import type { DataSource } from "typeorm";
import type { Permission } from "./allow.js";
import type { AttemptLimit } from "./attempt-limit.js";
import type { BlobStore } from "./blob/blob-store.js";
import type { Connections } from "./connections.js";
import type { Env } from "./env.js";
import type { LiveEvents } from "./live/events.js";
import { type LoaderFactory, Loaders } from "./loaders.js";
import type { GapKeeper } from "./modules/evaluation/gap-keeper.js";
import type { MetricFeed } from "./modules/metric/metric-feed.js";
import type { MetricPath } from "./modules/metric/metric-path.js";
import type { RunsToLog } from "./modules/run/runs-to-log.js";
import type { ReadReplica } from "./read-replica/read-replica.js";
import type { StreamedParts } from "./streamed-parts.js";
import type { ShareViewer, Viewer } from "./viewer.js";

/** What lives as long as the process; made in main.ts, closed there. */
export interface App {
  env: Env;
  db: DataSource;
  /** For the metric path, which speaks SQL: commits and reads must not wait behind the pages of the dashboard. */
  pool: pg.Pool;
  events: LiveEvents;
  /** Where uploaded files are. */
  blobs: BlobStore;
  /** Ingest and compaction of metrics: `start()` at boot, `close()` before the pool. */
  metrics: MetricPath;
  /** Keeps the verdicts of runs that log series; `start()` at boot. */
  gaps: GapKeeper;
  runsToLog: RunsToLog;
  /** What subscribers to metrics read from; `close()` ends all subscriptions. */
  feed: MetricFeed;
  /** Takes the reads of queries, where there is one. */
  replica: ReadReplica | null;
  connections: Connections;
  /** Wrong guesses of the secrets that anyone may try. */
  attempts: Record<"signIn" | "password" | "invite" | "provider" | "openShareLink" | "sharePassword", AttemptLimit>;
  /** Of the metric module, for beginJob: a module calls nothing that stands to its right. */
  supersede: Supersede;
}

/** Supersedes, in the caller's transaction, what earlier lease generations of a run wrote beyond a step. */
type Supersede = (
  client: pg.ClientBase,
  run: { id: string; distKey: number },
  generation: number,
  resumedFromStep: number,
) => Promise<void>;

/** What a resolver may use. One for each operation; a subscription gets a new one for each event. */
export interface Context extends App {
  viewer: Viewer | null;
  /** What the mutation that runs declared to need, one of them in the project of each object that it loads; null: to be seen is enough. */
  needs: readonly Permission[] | null;
  /** What it has loaded, for the audit log; null where none is kept. */
  loaded: { projectId: string | null; id: string }[] | null;
  /** The share session of the request, whoever the viewer is: an owner may look at a link of his own. */
  share: ShareViewer | null;
  /** Token of the session cookie, for signing out; null where there is none. */
  sessionToken: string | null;
  requestId: string;
  /** Of the peer; one that no request came from where nothing is asked that counts attempts. */
  address: string;
  /** Token of the device cookie; null where there is none. */
  device: string | null;
  /** Of the browser, to tell sessions apart; empty where there is none. */
  userAgent: string;
  /** Where answers over HTTP put what they stream; null for all others. */
  streamed: StreamedParts | null;
  load<K, V>(factory: LoaderFactory<K, V>): ReturnType<LoaderFactory<K, V>>;
  /** Sets (or with null removes) a cookie of the answer; does nothing over WebSocket. */
  setCookie(name: string, value: string | null, expiresAt?: Date): void;
}

export type ContextInit = Pick<Context, "viewer" | "share" | "sessionToken" | "requestId"> &
  Partial<Pick<Context, "setCookie" | "address" | "userAgent" | "device">>;

/** A context with fresh loaders: what one operation reads twice it reads once, what the next reads is current. */
export function createContext(app: App, init: ContextInit): Context {
  const loaders = new Loaders();
  const context: Context = {
    ...app,
    needs: null,
    loaded: null,
    streamed: null,
    setCookie: () => {},
    address: "",
    userAgent: "",
    device: null,
    ...init,
    // Of whatever it is called on: Apollo copies contexts, and a share link changes who asks.
    load(factory) {
      return loaders.get(factory, this);
    },
  };
  return context;
}
