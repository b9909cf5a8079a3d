"use client";
import { useTranslations } from "next-intl";
import { useEffect, useMemo } from "react";
import { ComparisonView } from "@/features/comparison/comparison-view";
import { useLanguageSwitch } from "@/features/frame/use-language-switch";
import { useThemeSwitch } from "@/features/frame/use-theme-switch";
import { RunHeader } from "@/features/run/run-header";
import { RunTabs } from "@/features/run/run-tabs";
import { PasswordGate } from "@/features/share/password-gate";
import { secretLink } from "@/features/share/shared-link";
import { SharedSeries } from "@/features/share/shared-series";
import { useSharedView } from "@/features/share/use-shared-view";
import type { SharedStateFragment } from "@/gql/graphql";
import { rememberRunColors } from "@/lib/run-color";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { EmptyState } from "@/ui/empty-state";
import { IconButton } from "@/ui/icon-button";
import { PageHeader } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";

/** What somebody shared: the same parts as inside, only read, without an account. */
export function SharedPage({ id }: { id: string }) {
  const t = useTranslations("share.page");
  const link = useMemo(() => secretLink(id), [id]);
  const { status, view, isStale, passwordProblem, enter } = useSharedView(link);
  useEffect(() => {
    if (view) document.title = `${view.title} · Residual`;
  }, [view]);

  if (status === "gone") return <EmptyState title={t("gone")}>{t("goneHint")}</EmptyState>;
  if (status === "password") return <PasswordGate problem={passwordProblem} onEnter={enter} />;
  return (
    <div className="mx-auto max-w-7xl">
      {isStale && (
        <p role="status" className="bg-warn-soft px-4 py-2 text-warn md:px-6">
          {t("unreachable")}
        </p>
      )}
      {view ? (
        <>
          <SharedBar view={view} />
          <SharedContent view={view} />
        </>
      ) : (
        <div className="flex flex-col gap-4 p-6" aria-busy="true">
          <Skeleton className="h-7 w-72" />
          <Skeleton className="h-64 w-full" />
        </div>
      )}
    </div>
  );
}

function SharedBar({ view }: { view: SharedStateFragment }) {
  const t = useTranslations("share.page");
  const format = useFormat();
  const theme = useThemeSwitch();
  const language = useLanguageSwitch();
  const { expiresAt } = view.shareLink;
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-3 border-b px-4 md:px-6">
      <span className="font-semibold">Residual</span>
      <span className="text-ink-3">{t("label")}</span>
      <Chip tone={view.frozenAt === null ? "accent" : "neutral"}>
        {view.frozenAt === null ? t("live") : t("frozen", { moment: format.moment(Date.parse(view.frozenAt)) })}
      </Chip>
      {expiresAt !== null && (
        <span className="text-xs text-ink-3">{t("until", { moment: format.moment(Date.parse(expiresAt)) })}</span>
      )}
      <span className="flex-1" />
      <span className="flex items-center gap-1" data-print="hide">
        <Button look="quiet" onClick={() => window.print()}>
          {t("print")}
        </Button>
        <IconButton icon={theme.isDark ? "sun" : "moon"} label={t("theme")} onClick={theme.toggle} />
        <IconButton icon="language" label={t("language")} onClick={language.toggle} />
      </span>
    </header>
  );
}

function SharedContent({ view }: { view: SharedStateFragment }) {
  const say = useSay();
  const t = useTranslations("comparison");
  const isLongList = view.shareLink.scope === "COMPARISON" && view.runs.length > 3;
  const runList = view.runs.map(({ id }) => id).join(",");
  // Before the first line is drawn: a colour that changed later would be seen to change.
  useMemo(() => rememberRunColors(runList === "" ? [] : runList.split(",")), [runList]);
  if (view.run) {
    return (
      <>
        <RunHeader run={view.run} />
        <RunTabs run={view.run} />
      </>
    );
  }
  return (
    <>
      <PageHeader title={isLongList ? t("title", { count: view.runs.length }) : view.title}>
        {view.experiment?.question && <p>{view.experiment.question}</p>}
        {view.comparison && (
          <p className="max-w-4xl text-lg text-ink text-balance" data-testid="answer">
            {say(view.comparison.sentence)}
          </p>
        )}
      </PageHeader>
      {view.comparison ? (
        <ComparisonView comparison={view.comparison} />
      ) : (
        <div className="px-4 pb-8 md:px-6">
          <SharedSeries runs={view.runs} height={260} />
        </div>
      )}
    </>
  );
}
