import { type Answer, postJson } from "./post-json.js";
import { errorOf, Refused, Unavailable } from "./transport.js";

export const TIMEOUT_MS = 30_000;
const passingStatus = new Set([408, 425, 429]);

/** Where the API answers, and as whom to ask it. */
export interface ApiAccess {
  /** The address, with or without `/graphql`. */
  readonly url: string;
  /** An API key with the scope LOG (a worker's: WORK). */
  readonly key: string;
}

export function graphqlAddress({ url }: ApiAccess): URL {
  return new URL(url.endsWith("/graphql") ? url : `${url.replace(/\/$/, "")}/graphql`);
}

/** Asks once. Throws an Unavailable where repeating may help, a Refused where it would not. */
export async function askGraphql<Data>(
  access: ApiAccess,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  signal: AbortSignal = AbortSignal.timeout(TIMEOUT_MS),
): Promise<Data> {
  const json = JSON.stringify({ query, variables });
  let answer: Answer;
  try {
    answer = await postJson(graphqlAddress(access), access.key, json, signal);
  } catch (error) {
    throw new Unavailable((error as Error).message || String((error as NodeJS.ErrnoException).code));
  }
  const { status, body, retryAfterSeconds } = answer;
  if (status >= 500 || passingStatus.has(status)) throw new Unavailable(`HTTP ${status}`, retryAfterSeconds);
  return unpack(status, body) as Data;
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string } & Record<string, unknown>;
  }[];
}

function unpack(status: number, body: string): unknown {
  let answer: GraphqlAnswer;
  try {
    answer = JSON.parse(body) as GraphqlAnswer;
  } catch {
    const message = `The address of the API answers with something else (HTTP ${status}). Check the url.`;
    throw new Refused(`HTTP_${status}`, message);
  }
  const [error] = answer.errors ?? [];
  if (error) throw errorOf(error.extensions?.code ?? `HTTP_${status}`, error.message, error.extensions);
  if (!answer.data) throw new Refused(`HTTP_${status}`, `The API gave neither data nor an error (HTTP ${status}).`);
  return answer.data;
}
