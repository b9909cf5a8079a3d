import type pg from "pg";
import type { DataSource } from "typeorm";
import type { Connections } from "./connections.js";
import type { Env } from "./env.js";
import type { LiveEvents } from "./live/events.js";
import { type LoaderFactory, Loaders } from "./loaders.js";
import type { Viewer } from "./viewer.js";

/** What lives as long as the process; made in main.ts, closed there. */
export interface App {
  env: Env;
  db: DataSource;
  /** For the metric path, which speaks SQL: commits and reads must not wait behind the pages of the dashboard. */
  pool: pg.Pool;
  events: LiveEvents;
  connections: Connections;
}

/** What a resolver may use. One for each operation; a subscription gets a new one for each event. */
export interface Context extends App {
  viewer: Viewer | null;
  requestId: string;
  load<K, V>(factory: LoaderFactory<K, V>): ReturnType<LoaderFactory<K, V>>;
  /** Sets (or with null removes) a cookie of the answer; does nothing over WebSocket. */
  setCookie(name: string, value: string | null, expiresAt?: Date): void;
}

export interface ContextInit {
  viewer: Viewer | null;
  requestId: string;
  setCookie?: Context["setCookie"];
}

/** A context with fresh loaders: what one operation reads twice it reads once, what the next reads is current. */
export function createContext(app: App, init: ContextInit): Context {
  const loaders = new Loaders();
  const context: Context = {
    ...app,
    viewer: init.viewer,
    requestId: init.requestId,
    setCookie: init.setCookie ?? (() => {}),
    load: (factory) => loaders.get(factory, context),
  };
  return context;
}
