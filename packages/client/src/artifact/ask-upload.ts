import { type ApiAccess, graphqlAddress, TIMEOUT_MS } from "../transport/ask-graphql.js";
import { Refused, Unavailable } from "../transport/transport.js";

interface Sent {
  readonly json?: object;
  readonly piece?: Uint8Array;
  readonly offset?: number;
}

/** Asks one of the API's addresses of uploads. Throws an Unavailable where repeating may help, a Refused where it would not. */
export async function askUpload<T>(
  { url, key, signal }: ApiAccess & { readonly signal?: AbortSignal },
  method: string,
  path: string,
  { json, piece, offset }: Sent = {},
): Promise<T> {
  const address = new URL(graphqlAddress({ url, key }).href.replace(/\/graphql$/, path));
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (json) headers["content-type"] = "application/json";
  if (offset !== undefined) headers["upload-offset"] = String(offset);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, {
      ...{ method, headers, signal: signal ? AbortSignal.any([signal, timeout]) : timeout },
      body: json ? JSON.stringify(json) : (piece as Uint8Array<ArrayBuffer> | undefined),
    });
    text = await response.text();
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Unavailable(cause instanceof Error ? `${message} (${cause.message})` : message);
  }
  const body = parsed(text);
  if (response.ok) return body as T;
  const { message = `HTTP ${response.status}`, extensions } = (body as Refusal | null)?.errors?.[0] ?? {};
  if (response.status >= 500 || [408, 425, 429].includes(response.status))
    throw new Unavailable(message, Number(response.headers.get("retry-after")) || 0);
  throw new Refused(extensions?.code ?? `HTTP_${response.status}`, message, extensions?.offset);
}

type Refusal = { errors?: { message: string; extensions?: { code?: string; offset?: number } }[] };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
