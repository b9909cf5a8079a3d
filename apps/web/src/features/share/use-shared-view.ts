"use client";
import { useEffect, useState } from "react";
import { type Client, type CombinedError, useClient } from "urql";
import { OpenShareLinkDocument, SharedDocument, type SharedStateFragment } from "@/gql/graphql";

export interface SharedPageState {
  status: "opening" | "open" | "gone";
  view: SharedStateFragment | null;
  /** The last attempt to read had no answer; what is shown may be old. */
  isStale: boolean;
}

const liveEveryMs = 4_000;
const frozenEveryMs = 20_000;
const retryMs = 3_000;

/**
 * What a share link shows. The secret stands in the address after #, so no server log ever holds it; it is exchanged for a share session
 * and the page is then read again and again: a live link moves, a revoked one closes. An unknown, ended or revoked link are one answer.
 */
export function useSharedView(id: string): SharedPageState {
  const client = useClient();
  const [state, setState] = useState<SharedPageState>({ status: "opening", view: null, isStale: false });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;
    const secret = window.location.hash.slice(1);
    const read = async (isFirst: boolean) => {
      const answer = isFirst && secret !== "" ? await open(client, id, secret) : await look(client, id, secret);
      if (!isCurrent) return;
      if (answer === "unreachable") {
        setState((before) => ({ ...before, isStale: true }));
        timer = setTimeout(() => void read(isFirst), retryMs);
      } else if (answer === "gone") {
        setState({ status: "gone", view: null, isStale: false });
      } else {
        setState({ status: "open", view: answer, isStale: false });
        timer = setTimeout(() => void read(false), answer.shareLink.mode === "LIVE" ? liveEveryMs : frozenEveryMs);
      }
    };
    void read(true);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, id]);
  return state;
}

type Answer = SharedStateFragment | "gone" | "unreachable";

async function open(client: Client, id: string, secret: string): Promise<Answer> {
  const { data, error } = await client.mutation(OpenShareLinkDocument, { input: { id, secret } }).toPromise();
  return data?.openShareLink ?? whyNot(error);
}

async function look(client: Client, id: string, secret: string): Promise<Answer> {
  const { data, error } = await client.query(SharedDocument, {}, { requestPolicy: "network-only" }).toPromise();
  const view = data?.shared;
  if (view?.shareLink.id === id) return view;
  // One browser holds one share session: another tab has opened another link meanwhile.
  if (view && secret !== "") return open(client, id, secret);
  return whyNot(error);
}

/** No answer at all, or an answer that the API is not there just now, is no verdict on the link. */
function whyNot(error: CombinedError | undefined): "gone" | "unreachable" {
  if (!error) return "gone";
  const isAway = error.graphQLErrors.some(
    ({ extensions }) => extensions.code === "UNAVAILABLE" || extensions.code === "RATE_LIMITED",
  );
  return error.networkError || isAway ? "unreachable" : "gone";
}
