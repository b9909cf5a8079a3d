"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { EvaluationTab } from "@/features/run/evaluation-tab";
import { MetricsTab } from "@/features/run/metrics-tab";
import { OverviewTab } from "@/features/run/overview-tab";
import { SystemTab } from "@/features/run/system-tab";
import type { RunViewFragment } from "@/gql/graphql";
import { useUrlState } from "@/lib/use-url-state";
import { Tabs } from "@/ui/tabs";

const tabKeys = ["overview", "metrics", "evaluation", "system", "files", "config", "integrity"] as const;
type TabKey = (typeof tabKeys)[number];

/** The parts of a run. `more`: those that only the team sees. */
export function RunTabs({
  run,
  environment,
  advice,
  more = [],
}: {
  run: RunViewFragment;
  environment?: unknown;
  /** For the team: what its own record advises. Others see the guide's. */
  advice?: ReactNode;
  more?: { key: Extract<TabKey, "files" | "config" | "integrity">; content: ReactNode }[];
}) {
  const t = useTranslations("run.tabs");
  const [tab, setTab] = useUrlState("tab", "overview");
  const tabs: { key: TabKey; content: ReactNode }[] = [
    { key: "overview", content: <OverviewTab run={run} advice={advice} /> },
    { key: "metrics", content: <MetricsTab run={run} /> },
    { key: "evaluation", content: <EvaluationTab run={run} /> },
    { key: "system", content: <SystemTab run={run} environment={environment} /> },
    ...more,
  ];
  const chosen = tabs.find(({ key }) => key === tab)?.key ?? "overview";
  return (
    <div className="px-4 pb-8 md:px-6">
      <Tabs
        label={t("label")}
        value={chosen}
        onValueChange={(next) => setTab(next, "push")}
        tabs={tabs.map(({ key, content }) => ({ key, title: t(key), content }))}
      />
    </div>
  );
}
