import { float64ColumnFromBase64 } from "@residual/shared";
import { WebSocket } from "ws";

/** graphql-transport-ws by hand: cheap enough that the API, not this process, is what is measured. */
export class Socket {
  #socket;
  #ready;
  #listeners = new Map();

  constructor(origin, authorization) {
    this.#socket = new WebSocket(`${origin.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    this.#ready = new Promise((resolve, reject) => {
      this.#socket.once("error", reject);
      this.#socket.once("close", (code) => reject(new Error(`The socket was closed with ${code}.`)));
      this.#socket.once("open", () => this.#send({ type: "connection_init", payload: { authorization } }));
      this.#socket.on("message", (data) => {
        const message = JSON.parse(data);
        if (message.type === "connection_ack") resolve();
        else if (message.type === "ping") this.#send({ type: "pong" });
        else if (message.type === "next") this.#listeners.get(message.id)?.(message.payload.data.metricUpdates);
        else throw new Error(`Not expected: ${String(data)}`);
      });
    });
  }

  /** Calls `onUpdate` with when an update came and when its steps were logged (ms since 1970). */
  async follow(run, keys, onUpdate) {
    await this.#ready;
    const id = String(this.#listeners.size + 1);
    this.#listeners.set(id, ({ series }) => {
      const at = performance.timeOrigin + performance.now();
      const times = series.find(({ key }) => key === "a");
      onUpdate({ at, logged: times ? [...float64ColumnFromBase64(times.value)] : [] });
    });
    const query = `subscription($run: ID!, $keys: [String!]) {
      metricUpdates(runs: [$run], keys: $keys, maxPoints: 1000) { run cursor replayed supersededAfter behindSince series { run key count exact step time value min max } }
    }`;
    this.#send({ id, type: "subscribe", payload: { query, variables: { run, keys } } });
  }

  close() {
    this.#socket.removeAllListeners("close");
    this.#socket.terminate();
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }
}
