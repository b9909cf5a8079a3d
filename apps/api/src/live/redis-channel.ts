import { Redis } from "ioredis";
import type { OpenChannel } from "./bus.js";

const channel = "residual:live";

/** Redis PUBLISH/SUBSCRIBE, at most once. A connection that subscribes can do nothing else, so there are two. */
export function redisChannel(url: string): OpenChannel {
  return async (on) => {
    // The bus connects again by itself and has to know when.
    const options = {
      lazyConnect: true,
      connectTimeout: 5_000,
      commandTimeout: 5_000,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectionName: "residual-bus",
    };
    const [sender, receiver] = [new Redis(url, options), new Redis(url, options)];
    let isOver = false;
    const lost = (error: Error) => {
      if (isOver) return;
      isOver = true;
      on.lost(error);
    };
    const close = () => {
      isOver = true;
      sender.disconnect();
      receiver.disconnect();
    };
    for (const connection of [sender, receiver]) {
      connection.on("error", lost);
      connection.on("end", () => lost(new Error("Connection ended")));
    }
    receiver.on("message", (_channel, payload: string) => on.payload(payload));
    try {
      await Promise.all([sender.connect(), receiver.connect()]);
      await receiver.subscribe(channel);
    } catch (error) {
      close();
      throw error;
    }
    return { send: async (payload) => void (await sender.publish(channel, payload)), close };
  };
}
