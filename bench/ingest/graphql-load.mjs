import { Agent, request } from "node:http";
import { keys, valueAt } from "./frames.mjs";

const query = "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }";

/** `clients` that log one step of ten metrics a request, in plain JSON, each waiting for its answer, for `seconds`. */
export async function graphqlLoad({ origin, key, runs, clients, seconds }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const until = performance.now() + seconds * 1_000;
  const started = performance.now();
  const times = [];
  const client = async (number) => {
    for (let seq = 1; performance.now() < until; seq++) {
      const values = Object.fromEntries(keys.map((name, k) => [name, [valueAt(k, seq)]]));
      const input = {
        run: runs[number % runs.length],
        writer: `http-${number}-${until}`,
        seq,
        frame: { steps: [seq], values },
      };
      const sentAt = performance.now();
      await post(agent, origin, key, JSON.stringify({ query, variables: { input } }));
      times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  agent.destroy();
  times.sort((a, b) => a - b);
  return { frames: times.length, seconds: (performance.now() - started) / 1_000, median: times[times.length >> 1] };
}

function post(agent, origin, key, body) {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      authorization: `Bearer ${key}`,
    };
    const sent = request(`${origin}/graphql`, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => (text.includes('"errors"') ? reject(new Error(text)) : resolve()));
    });
    sent.on("error", reject).end(body);
  });
}
