// Claim: 100,000 requests through the dashboard's front door are all answered, also over connections that rested in between.
// Usage: node bench/front-door.mjs [--requests 100000] [--connections 16]; npm run build first.
import http from "node:http";
import { parseArgs } from "node:util";
import { quantiles } from "./subscribers/measure.mjs";
import { startSystem } from "./system.mjs";

const { values: options } = parseArgs({
  options: { requests: { type: "string", default: "100000" }, connections: { type: "string", default: "16" } },
});
const requests = Number(options.requests);
/** Rests longer than Node's own keep-alive of 5 s: a connection that one side gives up meanwhile breaks the next request. */
const rounds = 4;
const restMs = 7_000;

const system = await startSystem();
try {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Number(options.connections) });
  const body = JSON.stringify({ query: "{ projects { nodes { id } } }" });
  const headers = { "content-type": "application/json", cookie: system.cookie, "content-length": body.length };
  const send = () =>
    new Promise((resolve, reject) => {
      const request = http.request(`${system.origin}/graphql`, { method: "POST", agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
        response.on("end", () =>
          resolve(
            response.statusCode === 200 && !text.includes('"errors"')
              ? "ok"
              : `${response.statusCode} ${text.slice(0, 80)}`,
          ),
        );
        response.on("error", reject);
      });
      request.on("error", reject);
      request.end(body);
    });

  const outcomes = new Map();
  const times = [];
  let left = requests;
  const sender = async (until) => {
    while (left > until) {
      left--;
      const started = performance.now();
      const outcome = await send().catch((error) => error.code ?? error.message);
      times.push(performance.now() - started);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  const started = performance.now();
  for (let round = 1; round <= rounds; round++) {
    const until = Math.round(requests * (1 - round / rounds));
    await Promise.all(Array.from({ length: Number(options.connections) }, () => sender(until)));
    if (round < rounds) await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  const seconds = (performance.now() - started - (rounds - 1) * restMs) / 1_000;
  console.log(
    `${requests} requests over ${options.connections} connections in ${seconds.toFixed(0)} s, ms: ${JSON.stringify(quantiles(times))}`,
  );
  for (const [outcome, count] of outcomes) console.log(`  ${outcome}: ${count}`);
  agent.destroy();
} finally {
  await system.close();
}
