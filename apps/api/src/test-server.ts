import { createApp } from "./app.js";
import type { App } from "./context.js";
import { openDatabase } from "./database.js";
import { readEnv } from "./env.js";
import type { Log } from "./log.js";
import { createSchema } from "./schema.js";
import { startServer } from "./server.js";
import { openTestDatabase, type TestDatabase } from "./test-database.js";

const ownerToken = "the owner's token of this test";
export const workerKey = "the-key-of-the-worker-of-this-test";

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for
  data?: any;
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

export interface TestServer {
  url: string;
  /** What it serves: `/path`, or `POST /path`. */
  addresses: readonly string[];
  app: App;
  database: TestDatabase;
  log: string[];
  /** Sends an operation; `headers` say who asks. */
  ask(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** As ask, for whoever wants the cookies of the answer. */
  send(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Response>;
  /** Headers of a freshly signed-in owner. */
  signIn(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * The API on a free port over a database of its own, or beside another server over that one's, with its own pools and event bus. Import
 * reflect-metadata first. `settings`: of its environment, over those of every test.
 */
export async function startTestServer(
  beside?: TestServer | null,
  settings: Record<string, string> = {},
): Promise<TestServer> {
  const database = beside
    ? { ...beside.database, ...(await openDatabase(beside.database.url, () => {})) }
    : await openTestDatabase();
  const log: string[] = [];
  const env = readEnv({
    PORT: "0",
    RESIDUAL_OWNER_TOKEN: ownerToken,
    RESIDUAL_WEB_ORIGIN: "http://dashboard.test:3000",
    ...settings,
  });
  const note: Log = (line, details) => void log.push(details ? `${line} ${JSON.stringify(details)}` : line);
  const { app, close } = await createApp(env, database, note);
  const server = await startServer(app, createSchema(), note);
  const url = `http://127.0.0.1:${server.port}/graphql`;
  const send = (query: string, variables?: Record<string, unknown>, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
  return {
    url,
    addresses: server.addresses,
    app,
    database,
    log,
    send,
    async ask(query, variables, headers) {
      const response = await send(query, variables, headers);
      return { status: response.status, ...((await response.json()) as object) };
    },
    async signIn() {
      const response = await send("mutation ($token: String!) { signIn(input: {token: $token}) { id } }", {
        token: ownerToken,
      });
      return { cookie: response.headers.get("set-cookie")!.split(";")[0]! };
    },
    async close() {
      await server.close();
      await close();
      await database.close();
    },
  };
}

/** The text of an answer without the ids of requests, which are all that two refusals in the same words differ in. */
export function withoutRequestIds(text: string): string {
  return text.replace(/"requestId":"[\w-]{8}"/g, '"requestId":"ID"');
}
