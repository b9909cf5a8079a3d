// Goals: a million points a second go in and can be read, compaction included; 300,000 in frames of one step; one plain GraphQL request a step of
// ten metrics takes half a millisecond. What of that is reached: results/writing.md. Ceilings in the same run: COPY of the same bytes into a table
// without an index, and a bare server with one INSERT a request.
//
// node bench/ingest.mjs [seconds] [part …]   parts: copy flushes steps graphql (all of them where none is named)
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { copyCeiling } from "./ingest/copy-ceiling.mjs";
import { cpuTime } from "./ingest/cpu-time.mjs";
import { packedFrame } from "./ingest/frames.mjs";
import { graphqlLoad, nodeClient, plainClient } from "./ingest/graphql-load.mjs";
import { socketLoad } from "./ingest/socket-load.mjs";
import { startServer } from "./server.mjs";

const [given, ...named] = process.argv.slice(2);
const seconds = Number(given ?? 8);
const parts = named.length > 0 ? named : ["copy", "flushes", "steps", "graphql"];
const server = await startServer();
const database = new pg.Client({ connectionString: server.databaseUrl });
const common = { origin: server.origin, seconds };
try {
  await database.connect();
  const key = await makeKey();
  const runs = await makeRuns(64);
  Object.assign(common, { key, runs });
  if (parts.includes("copy")) {
    for (const [name, rows, batch] of [
      ["1,000-point frames", 100, 64],
      ["one-step frames", 1, 512],
    ])
      line(
        `COPY of ${name} (ceiling)`,
        { frames: await copyCeiling(server.databaseUrl, packedFrame(0, rows), batch, seconds / 2), seconds: 1 },
        rows,
      );
  }
  if (parts.includes("flushes")) {
    // Eight writers: what ten-metric training loops of 100 steps a flush send, as fast as they are acknowledged.
    await measure(
      "1,000-point flushes until readable, compacted",
      100,
      (packed) => socketLoad({ ...common, writers: 8, inFlight: 8, packed }),
      compacted,
    );
  }
  if (parts.includes("steps")) {
    for (const inFlight of [1, 16])
      await measure(`one-step frames, 64 writers, ${inFlight} in flight`, 1, (packed) =>
        socketLoad({ ...common, writers: 64, inFlight, packed }),
      );
  }
  if (parts.includes("graphql")) {
    const bare = fork(fileURLToPath(new URL("ingest/bare-server.mjs", import.meta.url)), [server.databaseUrl]);
    const [bareOrigin] = await once(bare, "message");
    await beside("GraphQL JSON, one request a step, one client on a plain socket", bareOrigin, plainClient);
    await beside("GraphQL JSON, one request a step, one client by node:http", bareOrigin, nodeClient);
    bare.disconnect();
    for (const clients of [8, 32, 64])
      await measure(`GraphQL JSON, one request a step, ${clients} clients on plain sockets`, 1, () =>
        graphqlLoad({ ...common, clients, open: plainClient }),
      );
  }
} finally {
  await database.end();
  await server.close();
}

/** Runs a load twice, the first time short and unmeasured; then prints its rate and what a frame cost the API and Postgres. */
async function measure(name, rows, load, settle = async () => {}) {
  const frames = Array.from({ length: 4_096 }, (_, i) => packedFrame(i * rows, rows));
  const packed = (seq) => frames[seq % frames.length];
  await load(packed);
  await settle();
  const before = { api: cpuTime(server.apiPid()), postgres: cpuTime(server.postgresPid()), at: performance.now() };
  const result = await load(packed);
  await settle();
  result.seconds = (performance.now() - before.at) / 1_000;
  result.api = cpuTime(server.apiPid()) - before.api;
  result.postgres = cpuTime(server.postgresPid()) - before.postgres;
  line(name, result, rows);
}

/** One client at the API and at the bare server, block by block in turns, so that what else the machine does hits both: what counts is the ratio. */
async function beside(name, bareOrigin, open) {
  const block = (origin) => graphqlLoad({ ...common, origin, clients: 1, seconds: 1, open });
  for (const origin of [server.origin, bareOrigin]) for (let i = 0; i < 3; i++) await block(origin);
  const taken = { api: [], bare: [] };
  for (let i = 0; i < seconds; i++)
    for (const which of i % 2 ? ["bare", "api"] : ["api", "bare"])
      taken[which].push(await block(which === "api" ? server.origin : bareOrigin));
  const [api, floor] = [taken.api, taken.bare].map((blocks) => ({
    rate: middle(blocks.map(({ frames, seconds: took }) => frames / took)),
    median: middle(blocks.map(({ median }) => median)),
  }));
  console.log(
    `${name}: ${points(api)} points/s, ${api.median.toFixed(2)} ms; a bare server with one INSERT beside it: ${points(floor)} points/s, ${floor.median.toFixed(2)} ms (ratio of the medians ${(api.median / floor.median).toFixed(2)})`,
  );
}

function points({ rate }) {
  return Math.round(rate * 10).toLocaleString("en");
}

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function line(name, { frames, seconds: took, api, postgres, median }, rows) {
  const rate = (frames * rows) / took;
  const cost =
    api === undefined ? "" : `; CPU a frame: API ${micro(api, frames)}, Postgres ${micro(postgres, frames)} µs`;
  const wait = median === undefined ? "" : `; median ${median.toFixed(2)} ms`;
  console.log(`${name}: ${points({ rate })} points/s (${Math.round(frames / took)} frames/s)${wait}${cost}`);
}

function micro(milliseconds, frames) {
  return ((milliseconds * 1_000) / frames).toFixed(1);
}

/** Resolves when no run has as many frames as are compacted at once. */
async function compacted() {
  for (;;) {
    const { rows } = await database.query("SELECT FROM metric_frame GROUP BY run_id HAVING count(*) >= 256 LIMIT 1");
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function makeKey() {
  const { createApiKey } = await server.ask(
    'mutation { createApiKey(input: { name: "bench", scopes: [LOG] }) { key } }',
  );
  return createApiKey.key;
}

async function makeRuns(count) {
  await server.ask('mutation { createProject(input: { slug: "bench", name: "Bench" }) { id } }');
  const { createExperiment } = await server.ask(
    'mutation { createExperiment(input: { project: "bench", name: "bench" }) { id } }',
  );
  const runs = [];
  for (let i = 0; i < count; i++) {
    const { createRun } = await server.ask("mutation($input: CreateRunInput!) { createRun(input: $input) { id } }", {
      input: { experiment: createExperiment.id, name: `bench ${i}` },
    });
    runs.push(createRun.id);
  }
  return runs;
}
