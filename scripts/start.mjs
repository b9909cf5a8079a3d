#!/usr/bin/env node
// What `npm start` runs. Uses nothing but Node until the packages are installed.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "./start/build.mjs";
import { quietEnvironment } from "./start/command.mjs";
import { placeOf, waitForDatabase } from "./start/database.mjs";
import { install, isInstalled } from "./start/install.mjs";
import { takePlace } from "./start/instance.mjs";
import { readOptions } from "./start/options.mjs";
import { freePort } from "./start/ports.mjs";
import { StartError, step } from "./start/progress.mjs";
import { supervise } from "./start/supervise.mjs";
import { waitForHttp } from "./start/wait.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const apiReadyWithinMs = 120_000;
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Residual needs Node.js 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

const options = readOptions(process.argv.slice(2), root);
const place = takePlace(options.dataDir);
if (place.running) {
  const where = place.running.url
    ? `Residual is already running here: ${place.running.url}`
    : "Residual is just being started here by another command.";
  console.log(`${where}\n(process ${place.running.pid}, data in ${options.dataDir}; use --data for a second one)`);
  process.exit(0);
}

/** What was started, in order; stopped in reverse. */
const running = [];
let isStopping = false;

async function stop(exitCode) {
  if (isStopping) return;
  isStopping = true;
  console.log("\nStopping …");
  for (const part of running.reverse()) await part.stop(part.graceMs ?? 10_000);
  place.leave();
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void stop(0));

/** A secret that survives restarts, readable by its owner only. */
function secret(name) {
  const file = path.join(options.dataDir, name);
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}

/** What a line of the API's log says: it is JSON but for what Node itself prints. */
function wordsOf(line) {
  try {
    return String(JSON.parse(line).msg);
  } catch {
    return line;
  }
}

/** The address by which people come who are behind a reverse proxy; undefined where it is ours. */
function originOf(address) {
  if (!address) return undefined;
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return new URL(address).origin;
  throw new StartError(`RESIDUAL_WEB_ORIGIN is "${address}"; it must read like https://residual.example.org.`);
}

async function start() {
  let databaseUrl = process.env.DATABASE_URL;
  // A mistake in it is said before anything is built.
  if (databaseUrl) placeOf(databaseUrl);
  const publicOrigin = originOf(process.env.RESIDUAL_WEB_ORIGIN);
  if (!isInstalled(root)) await step("installing packages", () => install(root));
  await step("building", (progress) => build(root, progress));

  const logDir = path.join(options.dataDir, "logs");
  mkdirSync(logDir, { recursive: true });
  const environment = { ...quietEnvironment(), RESIDUAL_DATA: options.dataDir };
  if (databaseUrl) {
    await step("waiting for the database", () => waitForDatabase(databaseUrl));
  } else {
    const { startEmbeddedPostgres } = await import(
      pathToFileURL(path.join(root, "apps/api/dist/embedded-postgres/embedded-postgres.js")).href
    );
    let say = () => {};
    const postgres = await step("starting the database", () =>
      startEmbeddedPostgres({ dataDir: options.dataDir, log: (line) => say(line) }),
    );
    // Once it runs, it has something to say only when it ended unexpectedly.
    say = console.log;
    running.push({ stop: () => postgres.stop() });
    databaseUrl = postgres.url;
  }

  const apiPort = await freePort(4000);
  const webPort = await freePort(options.port ?? 3000);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const webUrl = `http://127.0.0.1:${webPort}`;
  const origin = publicOrigin ?? webUrl;
  const ownerToken = randomBytes(32).toString("base64url");
  const workerKey = secret("worker-key");
  const seed = options.empty ? {} : { RESIDUAL_SEED_DATASET: path.join(root, "datasets", "fashion-mnist") };
  let isApiUp = false;
  const onLine = (raw) => {
    const line = wordsOf(raw);
    isApiUp ||= line.includes("The API answers at");
    // A wrong password, say: without this line the user would only see that the API ends again and again.
    const reason = options.verbose
      ? undefined
      : /The API cannot start: .*|The database does not answer.*/.exec(line)?.[0];
    if (reason) console.log(reason);
  };
  const child = (name, args, env, graceMs, cwd = root) => {
    const { verbose } = options;
    const part = supervise(name, { args, cwd, logDir, verbose, onLine, env: { ...environment, ...env } });
    running.push({ stop: part.stop, graceMs });
  };

  child(
    "API",
    // A comparison of a thousand runs makes more short-lived objects than the default young generation (16 MiB) holds: a third of its time went into collecting them.
    ["--enable-source-maps", "--max-semi-space-size=32", "apps/api/dist/main.js"],
    {
      PORT: String(apiPort),
      DATABASE_URL: databaseUrl,
      // Else graphql-js checks at every value of an answer that it was not loaded twice.
      NODE_ENV: "production",
      RESIDUAL_OWNER_TOKEN: ownerToken,
      RESIDUAL_WORKER_KEY: workerKey,
      RESIDUAL_WEB_ORIGIN: origin,
      ...seed,
    },
    10_000,
  );
  // The dashboard does not need the API to come up: both start at once.
  child(
    "dashboard",
    [
      "--import",
      pathToFileURL(path.join(root, "scripts/start/exit-with-parent.mjs")).href,
      path.join(root, "node_modules/next/dist/bin/next"),
      "start",
      "--hostname",
      "127.0.0.1",
      "--port",
      String(webPort),
      // As the API: with Next's 5 s a client that logs now and then would meet a connection that is just being closed.
      "--keepAliveTimeout",
      "65000",
    ],
    { PORT: String(webPort), API_URL: apiUrl, NODE_ENV: "production" },
    5_000,
    path.join(root, "apps/web"),
  );
  await step("starting the API and the dashboard", () =>
    Promise.all([
      waitForHttp(
        `${apiUrl}/readyz`,
        apiReadyWithinMs,
        path.join(logDir, "API.log"),
        () => isStopping,
        () => isApiUp,
      ),
      waitForHttp(`${webUrl}/sign-in`, apiReadyWithinMs, path.join(logDir, "dashboard.log"), () => isStopping),
    ]),
  );
  if (options.withWorker) {
    // A worker that is asked to stop writes a checkpoint and gives its job back first.
    child(
      "worker",
      ["--enable-source-maps", "apps/worker/dist/main.js"],
      { API_URL: apiUrl, RESIDUAL_WORKER_KEY: workerKey },
      30_000,
    );
  }

  const url = `${origin}/sign-in#token=${ownerToken}`;
  place.announce(url);
  console.log(`\nResidual runs at ${url}\n`);
}

start().catch(async (error) => {
  if (isStopping) return;
  console.error(error instanceof StartError ? error.message : error);
  await stop(1);
});
