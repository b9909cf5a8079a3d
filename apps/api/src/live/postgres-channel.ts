import pg from "pg";
import type { OpenChannel } from "./bus.js";

const channel = "residual_live";

/**
 * LISTEN/NOTIFY on a connection of its own. Never in a transaction that stores something: a commit with a NOTIFY waits for a lock that the
 * whole server shares.
 */
export function postgresChannel(url: string): OpenChannel {
  return async (on) => {
    const client = new pg.Client({
      connectionString: url,
      application_name: "residual-bus",
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    let isOver = false;
    const lost = (error: Error) => {
      if (isOver) return;
      isOver = true;
      on.lost(error);
    };
    const close = () => {
      isOver = true;
      // end() says goodbye and waits; a connection that answers nothing any more would hold it.
      client.end().catch(() => {});
    };
    client.on("error", lost);
    client.on("end", () => lost(new Error("Connection ended")));
    client.on("notification", ({ payload }) => on.payload(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      close();
      throw error;
    }
    return {
      async send(payload) {
        await client.query({ name: "bus-notify", text: `SELECT pg_notify('${channel}', $1)`, values: [payload] });
      },
      close,
    };
  };
}
