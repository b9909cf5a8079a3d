import type { CreateShareLinkInput, ShareMode } from "@/gql/graphql";

/** What a link shall show: one run, some runs side by side, or an experiment. */
export type ShareTarget =
  | { scope: "RUN"; run: string; name: string }
  | { scope: "COMPARISON"; runs: string[]; baseline: string | null; name: string }
  | { scope: "EXPERIMENT"; experiment: string; name: string };

export interface ShareChoice {
  mode: ShareMode;
  label: string;
  /** Days until the link ends, or null for a link without an end. */
  days: number | null;
  /** Empty: the address is enough. */
  password: string;
  isAnonymous: boolean;
  /** Sites whose pages may frame it, between commas or blanks. */
  sites: string;
}

export const firstChoice: ShareChoice = {
  mode: "LIVE",
  label: "",
  days: 30,
  password: "",
  isAnonymous: false,
  sites: "",
};

/** Days that the dialog offers; null is "no end". */
export const offeredDays = [1, 7, 30, 90, null] as const;

/** The request for a link to `target`. */
export function shareLinkInput(target: ShareTarget, choice: ShareChoice): CreateShareLinkInput {
  const { mode, label, days, password, isAnonymous, sites } = choice;
  const common = {
    scope: target.scope,
    mode,
    label: label.trim(),
    expiresInDays: days,
    password: password === "" ? null : password,
    isAnonymous,
    embedOrigins: sites.split(/[\s,;]+/).filter((site) => site !== ""),
  };
  switch (target.scope) {
    case "RUN":
      return { ...common, run: target.run };
    case "COMPARISON":
      return { ...common, runs: target.runs, baseline: target.baseline };
    case "EXPERIMENT":
      return { ...common, experiment: target.experiment };
  }
}

/** Where a link stands: revoked and ended links open nothing any more. */
export function linkState(
  link: { expiresAt: string | null; revokedAt: string | null },
  now: number,
): "open" | "expired" | "revoked" {
  if (link.revokedAt !== null) return "revoked";
  return link.expiresAt !== null && Date.parse(link.expiresAt) <= now ? "expired" : "open";
}
