import type { Server } from "node:http";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { App } from "../context.js";

/** Paths that are told apart; the rest of a path names an object, and would make a series of its own for each. */
const routes = ["graphql", "export", "image", "healthz", "readyz", "metrics"] as const;

/** What this process tells Prometheus: of itself, of its requests, and of the queue that all processes share. */
export class Telemetry {
  readonly registry = new Registry();
  readonly #seconds: Histogram<"route" | "status">;
  #look: Promise<QueueCounts> | undefined;

  constructor(private readonly app: App) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#seconds = new Histogram({
      name: "residual_http_request_seconds",
      help: "Time from a request's head to the end of its answer.",
      labelNames: ["route", "status"],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    const { metrics, events, connections, pool } = app;
    const count = (name: string, help: string, read: () => number) =>
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    count("residual_points_stored_total", "Points that this process acknowledged.", () => metrics.stored.points);
    count("residual_frames_stored_total", "Frames that this process acknowledged.", () => metrics.stored.frames);
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    gauge("residual_subscribers", "Listeners to runs, metrics and gap alerts.", () => events.listenerCount);
    gauge("residual_principals_connected", "Credentials with open sockets.", () => connections.principals.length);
    gauge("residual_database_connections", "Of the metric path, in use.", () => pool.totalCount - pool.idleCount);
    gauge("residual_database_waiting", "Statements that wait for a connection.", () => pool.waitingCount);
    this.#gaugesOfQueue(registers);
  }

  /** Times every request that reaches the server, whoever answers it. */
  watch(server: Server): void {
    // Before Express, which shortens the path on its way.
    server.prependListener("request", (request, response) => {
      const end = this.#seconds.startTimer({ route: routeOf(request.url) });
      response.once("close", () => end({ status: String(response.statusCode) }));
    });
  }

  #gaugesOfQueue(registers: Registry[]): void {
    const look = () => this.#countQueue();
    new Gauge({
      name: "residual_jobs",
      help: "Jobs that wait for a worker or are done by one.",
      labelNames: ["status"],
      registers,
      async collect() {
        const { queued, leased } = await look();
        this.set({ status: "QUEUED" }, queued);
        this.set({ status: "LEASED" }, leased);
      },
    });
    new Gauge({
      name: "residual_workers_online",
      help: "Workers that were heard within 30 seconds.",
      registers,
      async collect() {
        this.set((await look()).workers);
      },
    });
  }

  /** The collectors of one page share a look. */
  #countQueue(): Promise<QueueCounts> {
    this.#look ??= countQueue(this.app).finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }
}

interface QueueCounts {
  readonly queued: number;
  readonly leased: number;
  readonly workers: number;
}

async function countQueue({ pool }: App): Promise<QueueCounts> {
  const { rows } = await pool.query<QueueCounts>(
    `SELECT (SELECT count(*) FROM job WHERE status = 'QUEUED') AS queued,
            (SELECT count(*) FROM job WHERE status = 'LEASED') AS leased,
            (SELECT count(*) FROM worker WHERE last_seen_at > now() - interval '30 seconds') AS workers`,
  );
  return rows[0]!;
}

function routeOf(url: string | undefined): string {
  const first = /^\/([a-z]*)/.exec(url ?? "")?.[1];
  return routes.find((route) => route === first) ?? "other";
}
