import { Agent, request } from "node:http";
import { keys, valueAt } from "./frames.mjs";
import { PlainSocket } from "./plain-socket.mjs";

const query = "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }";

/**
 * `clients` that log one step of ten metrics a request, in plain JSON, each waiting for its answer, for `seconds`. `open` gives each client what it
 * posts by: nodeClient or plainClient.
 */
export async function graphqlLoad({ origin, key, runs, clients, seconds, open }) {
  const until = performance.now() + seconds * 1_000;
  const started = performance.now();
  const times = [];
  const client = async (number) => {
    const connection = await open(`${origin}/graphql`, { authorization: `Bearer ${key}` });
    for (let seq = 1; performance.now() < until; seq++) {
      const values = Object.fromEntries(keys.map((name, k) => [name, [valueAt(k, seq)]]));
      const input = {
        run: runs[number % runs.length],
        writer: `http-${number}-${until}`,
        seq,
        frame: { steps: [seq], values },
      };
      const body = JSON.stringify({ query, variables: { input } });
      const sentAt = performance.now();
      const answer = await connection.post(body);
      if (answer.includes('"errors"')) throw new Error(answer);
      times.push(performance.now() - sentAt);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  times.sort((a, b) => a - b);
  return { frames: times.length, seconds: (performance.now() - started) / 1_000, median: times[times.length >> 1] };
}

export const plainClient = (address, headers) => PlainSocket.open(address, headers);

/** Node's own http client, as a script would use it. */
export function nodeClient(address, headers) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (body) =>
    new Promise((resolve, reject) => {
      const all = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers };
      const sent = request(address, { agent, method: "POST", headers: all }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve(text));
      });
      sent.on("error", reject).end(body);
    });
  return { post, close: () => agent.destroy() };
}
