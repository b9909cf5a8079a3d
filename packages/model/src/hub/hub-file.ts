import { WeightsNotFound } from "../weights/pretrained/pretrained-error.js";
import { HubRefusal, HubUnreachable } from "./hub-error.js";
import type { HubName } from "./hub-name.js";
import type { HubSettings } from "./hub-settings.js";

/** What the Hub says of one file before it is downloaded. */
export interface HubFile {
  /** SHA-256 of a large file (64 digits), git's blob hash of a small one (40). Names its place in the cache. */
  readonly etag: string;
  readonly bytes: number;
  /** The commit that the revision stands at. */
  readonly commit: string;
  /** Where its content is: on the Hub itself or on a store that needs no token. */
  readonly url: URL;
}

const mostRedirects = 5;

/**
 * Asks for a file's size, hash and place; undefined if the repository has no such file. Throws a WeightsNotFound for a
 * repository that is not there or not open to this token, a HubRefusal for a revision that is not there or terms that are not accepted, a
 * HubUnreachable when there is no sensible answer.
 */
export async function describeFile(
  name: HubName,
  file: string,
  settings: HubSettings,
  signal: AbortSignal | undefined,
): Promise<HubFile | undefined> {
  const path = `${name.repository}/resolve/${encodeURIComponent(name.revision)}/${file}`;
  let url = new URL(`${settings.endpoint}/${path}`);
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await ask(url, settings, signal);
    const etag = normalised(response.headers.get("x-linked-etag") ?? response.headers.get("etag"));
    const location = response.headers.get("location");
    // A renamed repository is redirected to on the Hub itself; a large file to its store, with its hash in the answer.
    if (isRedirect(response) && location && !response.headers.has("x-linked-etag")) {
      const next = new URL(location, url);
      if (next.origin !== url.origin) throw new HubUnreachable(`${url.origin} redirects to ${next.origin}`);
      url = next;
      continue;
    }
    if (response.ok || isRedirect(response)) {
      const commit = response.headers.get("x-repo-commit");
      const bytes = Number(response.headers.get("x-linked-size") ?? response.headers.get("content-length"));
      if (!commit || !/^[0-9a-f]{40}$/.test(commit) || !etag || !Number.isSafeInteger(bytes)) {
        throw new HubUnreachable(`${url.origin} does not answer as the Hub does (no commit, hash or size)`);
      }
      return { etag, bytes, commit, url: location ? new URL(location, url) : url };
    }
    return refuse(response, name, file, settings);
  }
  throw new HubUnreachable(`${url.origin} redirects without end`);
}

/** The token goes to the Hub alone, never to the store that a file is redirected to. */
export function authorisation(url: URL, { token, endpoint }: HubSettings): Record<string, string> {
  return token !== undefined && url.origin === new URL(endpoint).origin ? { authorization: `Bearer ${token}` } : {};
}

async function ask(url: URL, settings: HubSettings, signal: AbortSignal | undefined): Promise<Response> {
  const timeout = AbortSignal.timeout(settings.answerTimeout);
  try {
    return await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      // A compressed answer's length would be another one.
      headers: { "accept-encoding": "identity", ...authorisation(url, settings) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new HubUnreachable(`${url.origin} does not answer: ${reasonOf(error)}`, { cause: error });
  }
}

/** fetch says "fetch failed" and keeps the reason in the cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? cause.message : message;
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400;
}

function normalised(etag: string | null): string | undefined {
  const bare = etag?.replace(/^W\//, "").replaceAll('"', "");
  return bare !== undefined && /^[0-9a-fA-F]{40,64}$/.test(bare) ? bare.toLowerCase() : undefined;
}

function refuse({ status, headers }: Response, name: HubName, file: string, settings: HubSettings): undefined {
  const { repository, revision } = name;
  const code = headers.get("x-error-code");
  if (status === 404 && (code === "EntryNotFound" || code === null)) return undefined;
  if (code === "RevisionNotFound") throw new HubRefusal(`${repository} has no revision ${revision} on the Hub.`);
  const token = settings.token === undefined ? "no token was given" : "the token given does not open it";
  if (code === "GatedRepo") {
    throw new HubRefusal(
      `${repository} is gated, and ${token}. Accept its terms on its page, then set HF_TOKEN to a token of that account.`,
    );
  }
  if (status === 401 || status === 403 || code === "RepoNotFound") {
    throw new WeightsNotFound(
      `${repository} is not on the Hub, or it is private and ${token}. Check the name, or set HF_TOKEN to a token that may read it.`,
    );
  }
  throw new HubUnreachable(`${settings.endpoint} answers ${status} for ${repository}/${file}`);
}
