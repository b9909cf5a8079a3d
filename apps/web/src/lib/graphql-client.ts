import { createClient as createSocketClient } from "graphql-ws";
import { Client, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { noteConnection } from "@/lib/live-connection";

/**
 * The dashboard's GraphQL client: queries and mutations by POST, subscriptions over one WebSocket that is opened by the first
 * subscription and reconnects for ever with growing pauses (the API may be restarting). Same origin, so the session cookie goes along.
 * `bearer`: the token that stands for a session where there are no cookies, as in the frames of other sites; null: none yet.
 */
export function createGraphqlClient(onSignedOut: () => void, bearer?: () => string | null): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: () => (bearer ? { credentials: "omit", headers: authorization(bearer) } : {}),
    exchanges: [
      cacheExchange,
      mapExchange({
        onResult(result) {
          if (result.error?.graphQLErrors.some((error) => error.extensions.code === "UNAUTHENTICATED")) onSignedOut();
        },
      }),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardOverWebSocket(bearer) }),
    ],
  });
}

function authorization(bearer: () => string | null): { authorization?: string } {
  const token = bearer();
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

function forwardOverWebSocket(bearer: (() => string | null) | undefined) {
  const client = createSocketClient({
    connectionParams: bearer && (() => authorization(bearer)),
    url: () => `${window.location.protocol === "https:" ? "wss:" : "ws:"}//${window.location.host}/graphql`,
    lazyCloseTimeout: 5_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // 4401 and 4403: the API refuses this session; asking again would not change its mind. "Access ended" is said to who was let in before:
    // what they may do has changed, and perhaps they still may do something.
    shouldRetry: (problem) =>
      !(problem instanceof CloseEvent) ||
      (problem.code !== 4401 && (problem.code !== 4403 || problem.reason === "Access ended")),
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** retries, 8_000) * (0.75 + Math.random() / 2))),
    on: {
      connecting: (isRetry) => noteConnection(isRetry ? "reconnecting" : "connecting"),
      connected: () => noteConnection("connected"),
      closed: (event) =>
        noteConnection(event instanceof CloseEvent && event.wasClean && event.code === 1000 ? "idle" : "reconnecting"),
    },
  });
  return (operation: { query?: string; variables?: Record<string, unknown> }) => ({
    subscribe: (sink: { next(value: never): void; error(error: unknown): void; complete(): void }) => ({
      unsubscribe: client.subscribe({ query: operation.query ?? "", variables: operation.variables }, sink as never),
    }),
  });
}
