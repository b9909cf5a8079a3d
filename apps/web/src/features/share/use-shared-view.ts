"use client";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import type { PasswordProblem, SharedLink } from "@/features/share/shared-link";
import type { SharedStateFragment } from "@/gql/graphql";

interface State {
  status: "opening" | "open" | "gone" | "password";
  view: SharedStateFragment | null;
  /** The last attempt to read had no answer; what is shown may be old. */
  isStale: boolean;
  /** Why the password that was given does not open it. */
  passwordProblem: PasswordProblem | null;
}

export interface SharedPageState extends State {
  enter: (password: string) => void;
}

const liveEveryMs = 4_000;
const frozenEveryMs = 20_000;
const retryMs = 3_000;
const opening: State = { status: "opening", view: null, isStale: false, passwordProblem: null };

/** What a link shows, read again and again: a live link moves, a revoked one closes. An unknown, ended or revoked link are one answer. */
export function useSharedView(link: SharedLink): SharedPageState {
  const client = useClient();
  const [state, setState] = useState(opening);
  // An object, so that the same one can be tried again.
  const [given, setGiven] = useState<{ password: string } | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;
    const password = given?.password ?? null;
    const read = async (isFirst: boolean) => {
      const answer = await (isFirst ? link.open(client, password) : link.look(client, password));
      if (!isCurrent) return;
      if (answer === "unreachable") {
        setState((before) => ({ ...before, isStale: true }));
        timer = setTimeout(() => void read(isFirst), retryMs);
      } else if (answer === "gone") {
        setState({ ...opening, status: "gone" });
      } else if ("passwordProblem" in answer) {
        setState({ ...opening, status: "password", passwordProblem: answer.passwordProblem });
      } else {
        setState({ ...opening, status: "open", view: answer });
        timer = setTimeout(() => void read(false), answer.shareLink.mode === "LIVE" ? liveEveryMs : frozenEveryMs);
      }
    };
    void read(true);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, link, given]);
  return { ...state, enter: (password) => setGiven({ password }) };
}
