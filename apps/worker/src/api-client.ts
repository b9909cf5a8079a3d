import { type Answer, type ApiAccess, postJson } from "@residual/client";
import { backOff } from "./backoff.js";
import type { Log } from "./log.js";

/** A GraphQL operation with the types of what goes in and what comes out. */
export interface Operation<Variables, Data> {
  readonly name: string;
  readonly text: string;
  /** Never set: it carries the types. */
  readonly types?: (variables: Variables) => Data;
}

/** The API answered and refused: repeating the request would not help. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Another worker holds the job now. */
  get isFenced(): boolean {
    return this.code === "FENCED";
  }
}

const TIMEOUT_MS = 30_000;
const RETRIED_STATUS = new Set([408, 425, 429]);
const RETRIED_CODES = new Set(["UNAVAILABLE", "INTERNAL", "INTERNAL_SERVER_ERROR", "RATE_LIMITED"]);

/** Something that passes: the API restarts, its database is away, the network is down. */
class Unavailable extends Error {
  constructor(
    message: string,
    readonly retryAfterSeconds = 0,
  ) {
    super(message);
  }
}

/** Speaks GraphQL with the API. A request is repeated until it is answered, however long that takes; so every mutation must be idempotent. */
export class ApiClient {
  /** Aborted when the API answers again: whoever waits for another attempt need not wait any longer. */
  private recovery = new AbortController();
  /** For those that send metrics beside these requests. */
  readonly access: ApiAccess;
  private readonly url: URL;

  /** @param onRetry called before every repetition */
  constructor(
    url: string,
    private readonly key: string,
    private readonly log: Log,
    private readonly onRetry: () => void = () => {},
  ) {
    this.url = new URL(url);
    this.access = { url, key };
  }

  /** Throws an ApiError when the API refuses, and the signal's reason when it is aborted. */
  async request<Variables, Data>(
    operation: Operation<Variables, Data>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Data> {
    for (let attempt = 0; ; attempt++) {
      try {
        const data = await this.once(operation, variables, signal);
        if (attempt > 0) this.recovered(operation.name, attempt);
        return data;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Unavailable)) throw error;
        // The first failures are an API that restarts; a line for each would hide the others.
        if (attempt === 3)
          this.log.warn("the API does not answer, trying on", { operation: operation.name, reason: error.message });
        await this.waitBefore(attempt, error.retryAfterSeconds, signal);
      }
    }
  }

  private recovered(operation: string, attempt: number): void {
    if (attempt > 3) this.log.info("the API answers again", { operation, attempts: attempt + 1 });
    this.recovery.abort();
    this.recovery = new AbortController();
  }

  private async waitBefore(attempt: number, atLeastSeconds: number, signal?: AbortSignal): Promise<void> {
    const { signal: recovered } = this.recovery;
    this.onRetry();
    try {
      await backOff(attempt, signal ? AbortSignal.any([signal, recovered]) : recovered, atLeastSeconds);
    } catch {
      signal?.throwIfAborted();
    }
  }

  private async once<Variables, Data>(
    { name, text }: Operation<Variables, Data>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Data> {
    const limit = limitTime(signal);
    let answer: Answer;
    try {
      const json = JSON.stringify({ operationName: name, query: text, variables });
      answer = await postJson(this.url, this.key, json, limit.signal);
    } catch (error) {
      throw new Unavailable((error as Error).message || String((error as NodeJS.ErrnoException).code));
    } finally {
      limit.clear();
    }
    const { status, body, retryAfterSeconds } = answer;
    if (status >= 500 || RETRIED_STATUS.has(status)) throw new Unavailable(`HTTP ${status}`, retryAfterSeconds);
    return unpack<Data>(status, body);
  }
}

/** By hand, because AbortSignal.any keeps a trace of every request in a signal that lives as long as a run (Node 20). */
function limitTime(signal: AbortSignal | undefined): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}

interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

function unpack<Data>(status: number, body: string): Data {
  let answer: GraphQLAnswer<Data>;
  try {
    answer = JSON.parse(body) as GraphQLAnswer<Data>;
  } catch {
    throw new ApiError(
      `HTTP_${status}`,
      `The address of the API answers with something else (HTTP ${status}). Check API_URL.`,
    );
  }
  const error = answer.errors?.[0];
  if (error) {
    const code = error.extensions?.code ?? `HTTP_${status}`;
    if (RETRIED_CODES.has(code)) throw new Unavailable(error.message);
    throw new ApiError(code, error.message);
  }
  if (!answer.data) throw new ApiError(`HTTP_${status}`, `The API gave neither data nor an error (HTTP ${status}).`);
  return answer.data;
}
