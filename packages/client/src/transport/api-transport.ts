import type { SpoolOwner } from "../spool/metric-spool.js";
import type { SpooledFrame } from "../spool/spool-record.js";
import type { ApiAccess } from "./ask-graphql.js";
import { GraphqlTransport } from "./graphql-transport.js";
import { SocketRefused, SocketTransport } from "./socket-transport.js";
import type { Transport } from "./transport.js";

const AVOID_MS = 5 * 60_000;

/** The ingest socket, and GraphQL where that does not pass: then the socket is tried again every five minutes. */
export class ApiTransport implements Transport {
  private readonly socket: SocketTransport;
  private readonly graphql: GraphqlTransport;
  private avoidUntil = 0;

  constructor(access: ApiAccess, owner: SpoolOwner) {
    this.socket = new SocketTransport(access, owner);
    this.graphql = new GraphqlTransport(access, owner);
  }

  async send(frames: readonly SpooledFrame[]): Promise<void> {
    if (Date.now() >= this.avoidUntil) {
      try {
        return await this.socket.send(frames);
      } catch (error) {
        if (!(error instanceof SocketRefused)) throw error;
        // Also a key that is not valid (any more): GraphQL says so in words.
        this.avoidUntil = Date.now() + AVOID_MS;
      }
    }
    return this.graphql.send(frames);
  }

  close(): void {
    this.socket.close();
    this.graphql.close();
  }
}
