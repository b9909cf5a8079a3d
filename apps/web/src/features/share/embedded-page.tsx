"use client";
import { useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";
import { Provider } from "urql";
import { PasswordGate } from "@/features/share/password-gate";
import { embeddedLink, type SharedLink } from "@/features/share/shared-link";
import { SharedSeries } from "@/features/share/shared-series";
import { useSharedView } from "@/features/share/use-shared-view";
import type { SharedStateFragment } from "@/gql/graphql";
import { createGraphqlClient } from "@/lib/graphql-client";
import { rememberRunColors } from "@/lib/run-color";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Chip } from "@/ui/chip";
import { EmptyState } from "@/ui/empty-state";
import { Skeleton } from "@/ui/skeleton";

/** What somebody shared, small enough for a frame in the page of another site. It asks with a client of its own: the browser keeps no cookie there. */
export function EmbeddedPage({ linkKey }: { linkKey: string }) {
  const token = useRef<string | null>(null);
  const [client] = useState(() =>
    createGraphqlClient(
      () => {},
      () => token.current,
    ),
  );
  const link = useMemo(
    () =>
      embeddedLink(linkKey, (opened) => {
        token.current = opened;
      }),
    [linkKey],
  );
  return (
    <Provider value={client}>
      <EmbeddedView link={link} />
    </Provider>
  );
}

function EmbeddedView({ link }: { link: SharedLink }) {
  const t = useTranslations("share.page");
  const { status, view, isStale, passwordProblem, enter } = useSharedView(link);
  if (status === "gone") return <EmptyState title={t("gone")}>{t("goneHint")}</EmptyState>;
  if (status === "password") return <PasswordGate problem={passwordProblem} onEnter={enter} />;
  return (
    <div className="flex flex-col gap-3 p-3">
      {isStale && (
        <p role="status" className="bg-warn-soft px-2 py-1 text-warn">
          {t("unreachable")}
        </p>
      )}
      {view ? <EmbeddedContent view={view} /> : <Skeleton className="h-64 w-full" />}
    </div>
  );
}

function EmbeddedContent({ view }: { view: SharedStateFragment }) {
  const t = useTranslations("share.page");
  const say = useSay();
  const format = useFormat();
  const sentence = view.run ? view.run.generalizationGap?.explanation : view.comparison?.sentence;
  const runList = view.runs.map(({ id }) => id).join(",");
  // Before the first line is drawn: a colour that changed later would be seen to change.
  useMemo(() => rememberRunColors(runList === "" ? [] : runList.split(",")), [runList]);
  return (
    <>
      <header className="flex flex-wrap items-center gap-2">
        <h1 className="text-base font-semibold">{view.title}</h1>
        <Chip tone={view.frozenAt === null ? "accent" : "neutral"}>
          {view.frozenAt === null ? t("live") : t("frozen", { moment: format.moment(Date.parse(view.frozenAt)) })}
        </Chip>
        <span className="ml-auto text-xs text-ink-3">Residual</span>
      </header>
      {sentence && (
        <p className="text-ink text-balance" data-testid="answer">
          {say(sentence)}
        </p>
      )}
      <SharedSeries runs={view.runs} height={300} isFramed />
    </>
  );
}
