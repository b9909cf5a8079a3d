import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
// @boundaries-ignore what is measured is no part of a package's front
import { startEmbeddedPostgres } from "../apps/api/dist/embedded-postgres/embedded-postgres.js";

/** What is running: nothing stays behind when the bench is interrupted. */
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, async () => {
    for (const close of running) await close();
    process.exit(1);
  });

const repository = path.dirname(import.meta.dirname);

/**
 * The database and the API, without the dashboard and the worker: what the servers of other trackers are compared with, and what is killed. The
 * API is started again at once whenever it ends; Postgres by the product's own supervision. `preload`: modules that are
 * loaded into the API before its own. `nodeOptions`: of the API's process, such as --cpu-prof. `keptDir`: a data folder that is used again and left
 * standing; without it all goes with `close`. Durability is the default one.
 */
export async function startServer({ preload = [], nodeOptions = [], keptDir = null, log = () => {} } = {}) {
  const dataDir = keptDir ?? mkdtempSync(path.join(tmpdir(), "residual-bench-"));
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  const origin = `http://127.0.0.1:${await freePort()}`;
  const ownerToken = randomBytes(32).toString("base64url");
  const api = superviseApi({ origin, ownerToken, dataDir, databaseUrl: postgres.url, preload, nodeOptions });
  const close = async () => {
    running.delete(close);
    await api.stop();
    await postgres.stop();
    if (!keptDir) rmSync(dataDir, { recursive: true, force: true });
  };
  running.add(close);
  const apiLog = () => readFileSync(path.join(dataDir, "API.log"), "utf8").split("\n").slice(-40).join("\n");
  const cookie = await untilReady(origin, api)
    .then(() => signIn(origin, ownerToken))
    .catch(async (error) => {
      error.message += `\nThe API's log ends with:\n${apiLog()}`;
      await close();
      throw error;
    });
  return {
    origin,
    dataDir,
    databaseUrl: postgres.url,
    apiPid: () => api.pid(),
    postgresPid: () => postgres.pid,
    ask: (query, variables) => ask(origin, { cookie }, query, variables),
    ready: () => untilReady(origin, api),
    /** What the API printed last, for the message of a failure. */
    apiLog,
    cookie,
    close,
  };
}

/** A second API process over the database of a server: what is logged at the one is followed at the other. */
export async function startBeside({ databaseUrl, dataDir }, { preload = [] } = {}) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const ownerToken = randomBytes(32).toString("base64url");
  const api = superviseApi({ origin, ownerToken, dataDir, databaseUrl, preload });
  const close = async () => {
    running.delete(close);
    await api.stop();
  };
  running.add(close);
  await untilReady(origin, api);
  return { origin, apiPid: () => api.pid(), close };
}

function superviseApi({ origin, ownerToken, dataDir, databaseUrl, preload, nodeOptions = [] }) {
  const log = createWriteStream(path.join(dataDir, "API.log"), { flags: "a" });
  let child;
  let isStopping = false;
  const launch = () => {
    const launchedAt = performance.now();
    child = spawn(
      process.execPath,
      [
        ...preload.flatMap((file) => ["--import", file]),
        ...nodeOptions,
        "--enable-source-maps",
        "apps/api/dist/main.js",
      ],
      {
        cwd: repository,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        env: {
          PATH: process.env.PATH,
          NODE_ENV: "production",
          PORT: new URL(origin).port,
          DATABASE_URL: databaseUrl,
          RESIDUAL_DATA: dataDir,
          RESIDUAL_OWNER_TOKEN: ownerToken,
        },
      },
    );
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once("exit", () => {
      if (isStopping) return;
      // At once, unless it cannot even start.
      if (performance.now() - launchedAt > 1_000) launch();
      else setTimeout(() => isStopping || launch(), 200);
    });
  };
  launch();
  return {
    pid: () => child.pid,
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(insist);
    },
  };
}

async function untilReady(origin, api, limitMs = 60_000) {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    if (performance.now() > deadline)
      throw new Error(`The API (process ${api.pid()}) did not answer within ${limitMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function signIn(origin, token) {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation($token: String!) { signIn(input: { token: $token }) { id } }",
      variables: { token },
    }),
  });
  return response.headers.getSetCookie()[0].split(";")[0];
}

/** Sends one operation; throws with the codes and messages of the answer's errors. */
export async function ask(origin, headers, query, variables = {}) {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json();
  if (!answer.errors) return answer.data;
  const error = new Error(
    answer.errors.map(({ extensions, message }) => `${extensions?.code ?? "?"}: ${message}`).join("; "),
  );
  throw Object.assign(error, { codes: answer.errors.map(({ extensions }) => extensions?.code) });
}

/** An API key for scripts that log and read. */
export async function createKey(server) {
  const { createApiKey } = await server.ask(
    `mutation { createApiKey(input: { name: "bench", scopes: [LOG, READ] }) { key } }`,
  );
  return createApiKey.key;
}

/** All processes below `pid`, itself included (Linux). */
export function processTree(pid) {
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const tree = [pid];
  for (const parent of tree) for (const [child, of] of parents) if (of === parent) tree.push(child);
  return tree;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
  });
}
