/** Asks one operation; throws a Refusal where the answer holds errors. */
export type GraphQLClient = <Data = Record<string, never>>(
  query: string,
  variables?: Record<string, unknown>,
) => Promise<Data>;

export interface AnsweredError {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly field?: string; readonly limit?: unknown } & Record<
    string,
    unknown
  >;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[];
}

/** An answer with errors: their codes and messages in one text, and the errors themselves. */
export class Refusal extends Error {
  override name = "Refusal";

  constructor(
    readonly status: number,
    readonly errors: readonly AnsweredError[],
  ) {
    super(errors.map(({ extensions, message }) => `${extensions?.code ?? "?"}: ${message}`).join("\n"));
  }
}

/** The one error with which the API refuses; throws when it accepts. */
export async function refusalOf(request: Promise<unknown>): Promise<AnsweredError & { readonly status: number }> {
  const answer = await request.catch((error: unknown) => error);
  if (!(answer instanceof Refusal)) throw new Error(`Not refused, but: ${String(answer)}`, { cause: answer });
  return { ...answer.errors[0]!, status: answer.status };
}

/** A client that sends `headers` (a cookie, an API key) with every operation. */
export function graphqlClient(origin: string, headers: Record<string, string> = {}): GraphQLClient {
  return async <Data>(query: string, variables: Record<string, unknown> = {}) => {
    const response = await fetch(`${origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as Answer;
    if (answer.errors) throw new Refusal(response.status, answer.errors);
    return answer.data as Data;
  };
}

/** Signs the owner in with the token of the start address, as the sign-in page does. */
export async function signIn(origin: string, token: string): Promise<GraphQLClient> {
  const response = await fetch(`${origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation($token: String!) { signIn(input: { token: $token }) { id } }",
      variables: { token },
    }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
  if (!cookie) throw new Error(`No session: ${await response.text()}`);
  return graphqlClient(origin, { cookie });
}

/** Asks again and again until `isDone` holds; the limit is only there so that a broken system fails instead of hanging. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isDone: (value: Value) => boolean,
  limitMs = 300_000,
): Promise<Value> {
  const deadline = Date.now() + limitMs;
  let last: Value | undefined;
  let problem: unknown;
  while (Date.now() < deadline) {
    try {
      last = await ask();
      problem = undefined;
      if (isDone(last)) return last;
    } catch (error) {
      problem = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Not within ${limitMs / 1000} s; last: ${problem ? String(problem) : JSON.stringify(last)}`);
}
