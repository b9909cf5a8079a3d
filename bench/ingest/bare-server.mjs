// The least that a step over HTTP can cost in Node: parse the body, one prepared INSERT of the bytes into a table with a key, commit, answer. No key
// is checked, no run is looked up, nothing is counted, and nobody could read what it stores. Forked by ingest.mjs, with the database's address.
import { createServer } from "node:http";
import pg from "pg";

const database = new pg.Client({ connectionString: process.argv[2] });
// Postgres is stopped when the bench ends, however it ends.
database.on("error", () => process.exit());
await database.connect();
await database.query(
  "CREATE TABLE IF NOT EXISTS bench_bare (writer text, seq bigint, frame bytea, PRIMARY KEY (writer, seq))",
);
const text = "INSERT INTO bench_bare VALUES ($1, $2, $3)";

async function store(chunks) {
  const { writer, seq, frame } = JSON.parse(Buffer.concat(chunks).toString()).variables.input;
  const bytes = Buffer.from(Float64Array.from(Object.values(frame.values), ([value]) => value).buffer);
  await database.query({ name: "bare", text, values: [writer, seq, bytes] });
  return JSON.stringify({ data: { logMetrics: { ackedSeq: seq } } });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const answer = await store(chunks);
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length }).end(answer);
  });
});
server.listen(0, "127.0.0.1", () => process.send(`http://127.0.0.1:${server.address().port}`));
process.once("disconnect", () => process.exit());
