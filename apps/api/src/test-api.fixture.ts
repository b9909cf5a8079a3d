import { type ExecutionResult, type GraphQLSchema, graphql, parse, subscribe } from "graphql";
import { createApp } from "./app.js";
import { type App, createContext } from "./context.js";
import { readEnv } from "./env.js";
import { createSchema } from "./schema.js";
import { openTestDatabase, type TestDatabase } from "./test-database.js";
import { operator } from "./test-viewer.fixture.js";
import type { Viewer } from "./viewer.js";

type Cookies = Map<string, string | null>;

/** The API without its transport: a schema over a database of its own, asked as any viewer. */
export interface TestApi {
  database: TestDatabase;
  app: App;
  schema: GraphQLSchema;
  /** The data, or an error with the first error's extensions. Cookies that the answer sets go into `cookies`. */
  ask<T>(
    source: string,
    variables?: Record<string, unknown>,
    options?: { as?: Viewer | null; cookies?: Cookies },
  ): Promise<T>;
  /** The first error's extensions and message; throws when there is none. */
  refusal(
    source: string,
    variables?: Record<string, unknown>,
    options?: { as?: Viewer | null },
  ): Promise<Record<string, unknown>>;
  /** A subscription's results; `return()` ends it. */
  follow(
    source: string,
    variables: Record<string, unknown>,
    as?: Viewer | null,
  ): Promise<AsyncIterator<ExecutionResult>>;
  close(): Promise<void>;
}

export async function openTestApi(): Promise<TestApi> {
  const database = await openTestDatabase();
  const { app, close } = await createApp(readEnv({ PORT: "0" }), database, (line) => {
    throw new Error(line);
  });
  const schema = createSchema();
  const contextOf = (viewer: Viewer | null, cookies?: Cookies) =>
    createContext(app, {
      viewer,
      share: viewer?.kind === "SHARE_LINK" ? viewer : null,
      sessionToken: null,
      requestId: "test",
      // One address a viewer, so that the wrong guesses of one are not another's.
      address: viewer?.principal ?? "nobody",
      setCookie: (name, value) => void cookies?.set(name, value),
    });
  const run = (source: string, variables?: Record<string, unknown>, as?: Viewer | null, cookies?: Cookies) =>
    graphql({
      schema,
      source,
      variableValues: variables,
      contextValue: contextOf(as === undefined ? operator : as, cookies),
    });
  return {
    database,
    app,
    schema,
    async ask<T>(
      source: string,
      variables?: Record<string, unknown>,
      options?: { as?: Viewer | null; cookies?: Cookies },
    ) {
      const { data, errors } = await run(source, variables, options?.as, options?.cookies);
      if (errors) throw errors[0]!.originalError ?? errors[0]!;
      return data as T;
    },
    async refusal(source, variables, options) {
      const { errors } = await run(source, variables, options?.as);
      if (!errors) throw new Error("Nothing was refused.");
      return { message: errors[0]!.message, ...errors[0]!.extensions };
    },
    async follow(source, variables, as: Viewer | null = operator) {
      const result = await subscribe({
        schema,
        document: parse(source),
        variableValues: variables,
        contextValue: contextOf(as),
      });
      if (Symbol.asyncIterator in result) return result[Symbol.asyncIterator]();
      throw result.errors![0]!.originalError ?? result.errors![0]!;
    },
    async close() {
      await close();
      await database.close();
    },
  };
}
