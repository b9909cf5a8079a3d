// Claim: documents that ask for too much are refused within 20 ms at the 99th percentile, and other queries keep 80 % of their rate meanwhile.
// Usage: node bench/hostile.mjs [--times 200] [--seconds 8]; build apps/api first. Beside each document: the cheapest query, in the same run.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { startServer } from "./server.mjs";
import { quantiles } from "./subscribers/measure.mjs";

const { values: options } = parseArgs({
  options: { times: { type: "string", default: "200" }, seconds: { type: "string", default: "8" } },
});

const aliases = (count, field) => Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(" ");
const nested = (depth) => (depth === 0 ? "name" : `experiment { runs { nodes { ${nested(depth - 1)} } } }`);
const fanOut = Array.from({ length: 25 }, (_, i) => `fragment f${i} on Run { ...f${i + 1} ...f${i + 1} }`).join(" ");
const onRun = (selection, fragments = "") => `{ run(id: "run_${"0".repeat(32)}") { ${selection} } } ${fragments}`;
const hostile = {
  "10,000 aliases": onRun(aliases(10_000, "name")),
  "150 aliases": onRun(aliases(150, "name")),
  "60 lists of 1,000 runs": onRun(
    `experiment { ${aliases(60, "runs(first: 1000) { nodes { experiment { name } tags } }")} }`,
  ),
  "50 levels": onRun(nested(16)),
  "fragments that double 25 times": onRun("...f0", `${fanOut} fragment f25 on Run { name }`),
  "fragments in a circle": onRun("...a", "fragment a on Run { ...b } fragment b on Run { ...a }"),
  "1,500 times the same field": onRun("name ".repeat(1_500)),
  "2,100 times the same field": onRun("name ".repeat(2_100)),
  "200 inline fragments of 100 fields": onRun(`... on Run { ${"name ".repeat(100)} } `.repeat(200)),
  "500 directives on a field": onRun(`name ${"@include(if: true) ".repeat(500)}`),
};
const plain = "{ projects { nodes { id slug name } } }";

const server = await startServer();
const send = async (query) => {
  const started = performance.now();
  const response = await fetch(`${server.origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: server.cookie },
    body: JSON.stringify({ query }),
  });
  const answer = await response.json();
  return { milliseconds: performance.now() - started, refused: answer.errors !== undefined };
};
/** Milliseconds of each, one after the other. */
const time = async (query, refused) => {
  const times = [];
  for (let i = 0; i < Number(options.times); i++) {
    const answer = await send(query);
    if (answer.refused !== refused) throw new Error(`${refused ? "Not refused" : "Refused"}: ${query.slice(0, 80)}`);
    times.push(answer.milliseconds);
  }
  return quantiles(times);
};
/** Queries a second of one client that asks again and again, while `beside` runs. */
const rate = async (beside) => {
  const end = performance.now() + 1_000 * Number(options.seconds);
  const isOver = () => performance.now() > end;
  let answered = 0;
  const asking = (async () => {
    for (; !isOver(); answered++) await send(plain);
  })();
  const attacks = await beside(isOver);
  await asking;
  return { queries: answered / Number(options.seconds), attacks: attacks / Number(options.seconds) };
};

try {
  for (let i = 0; i < 300; i++) await send(plain);
  console.log(`load average ${loadavg()[0].toFixed(1)}; ms at p50 / p99, ${options.times} times each`);
  const show = ({ p50, p99 }) => `${p50} / ${p99}`;
  console.log(`${"a plain query".padEnd(36)} ${show(await time(plain, false))}`);
  for (const [name, query] of Object.entries(hostile))
    console.log(`${name.padEnd(36)} ${show(await time(query, true))}`);
  console.log(`${"a plain query, again".padEnd(36)} ${show(await time(plain, false))}`);

  const documents = Object.values(hostile);
  const alone = await rate(async () => 0);
  const beside = await rate(async (isOver) => {
    let sent = 0;
    // Sixty a second: one computer is enough for that.
    while (!isOver()) {
      const next = performance.now() + 1_000 / 60;
      await send(documents[sent++ % documents.length]);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    }
    return sent;
  });
  console.log(
    `other queries: ${alone.queries.toFixed(0)} a second alone, ${beside.queries.toFixed(0)} during ${beside.attacks.toFixed(0)} such documents a second (${Math.round((100 * beside.queries) / alone.queries)} %); load average ${loadavg()[0].toFixed(1)}`,
  );
} finally {
  await server.close();
}
