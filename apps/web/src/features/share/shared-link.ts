import type { Client, CombinedError } from "urql";
import {
  OpenEmbeddedLinkDocument,
  OpenShareLinkDocument,
  SharedDocument,
  type SharedStateFragment,
} from "@/gql/graphql";
import { apiError } from "@/lib/api-error";

/** What is wrong with the password that was given for a link. */
export type PasswordProblem = "wrong" | "tooMany";

/** What a link shows; or that it opens nothing, that nobody answers, or that it has a password, with what is wrong with the one that was given. */
type SharedAnswer = SharedStateFragment | "gone" | "unreachable" | { passwordProblem: PasswordProblem | null };

/** A link, however it is opened. */
export interface SharedLink {
  open(client: Client, password: string | null): Promise<SharedAnswer>;
  /** What it shows now. */
  look(client: Client, password: string | null): Promise<SharedAnswer>;
}

/** The link of the address /s/<id>#<secret>. No server log ever holds the secret; it is exchanged for a session, which a cookie keeps. */
export function secretLink(id: string): SharedLink {
  const secretOf = () => window.location.hash.slice(1);
  const open = async (client: Client, password: string | null): Promise<SharedAnswer> => {
    const input = { id, secret: secretOf(), password };
    const { data, error } = await client.mutation(OpenShareLinkDocument, { input }).toPromise();
    return data?.openShareLink ?? whyNot(error, password);
  };
  const look = async (client: Client, password: string | null): Promise<SharedAnswer> => {
    const { data, error } = await client.query(SharedDocument, {}, { requestPolicy: "network-only" }).toPromise();
    const view = data?.shared;
    if (view?.shareLink.id === id) return view;
    // Another tab has opened another link meanwhile (one browser holds one share session), or the session has ended.
    if (data && secretOf() !== "") return open(client, password);
    return whyNot(error, null);
  };
  return { open: (client, password) => (secretOf() === "" ? look(client, password) : open(client, password)), look };
}

/** The link of the address /embed/<key>. In the frames of other sites there are no cookies: `keepToken` gets what stands for the session. */
export function embeddedLink(key: string, keepToken: (token: string | null) => void): SharedLink {
  const open = async (client: Client, password: string | null): Promise<SharedAnswer> => {
    keepToken(null);
    const { data, error } = await client.mutation(OpenEmbeddedLinkDocument, { input: { key, password } }).toPromise();
    if (!data) return whyNot(error, password);
    keepToken(data.openEmbeddedLink.token);
    return data.openEmbeddedLink;
  };
  return {
    open,
    async look(client, password) {
      const { data, error } = await client.query(SharedDocument, {}, { requestPolicy: "network-only" }).toPromise();
      if (data?.shared) return data.shared;
      const reason = whyNot(error, null);
      return reason === "unreachable" ? reason : open(client, password);
    },
  };
}

/** No answer at all, or an answer that the API is not there just now, is no verdict on the link. */
function whyNot(error: CombinedError | undefined, password: string | null): SharedAnswer {
  if (!error) return "gone";
  const { code, field } = apiError(error);
  if (code === "UNAUTHENTICATED" && field === "password")
    return { passwordProblem: password === null ? null : "wrong" };
  if (code === "RATE_LIMITED" && password !== null) return { passwordProblem: "tooMany" };
  return error.networkError || code === "UNAVAILABLE" || code === "RATE_LIMITED" ? "unreachable" : "gone";
}
