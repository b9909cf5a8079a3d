"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useMutation, useQuery } from "urql";
import { AdviceCard } from "@/features/advice/advice-card";
import { RunLineage } from "@/features/advice/run-lineage";
import { ApplyAdviceDocument, RunAdviceDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { showToast } from "@/lib/toast";

/** What the run's own record says should be tried next, and what came of it before. `version`: changes whenever the record does. */
export function RunAdvice({ run, project, version }: { run: string; project: string; version: string }) {
  const t = useTranslations("advice");
  const router = useRouter();
  const [{ data }, read] = useQuery({ query: RunAdviceDocument, variables: { run, project } });
  const [{ fetching: isBusy }, applyAdvice] = useMutation(ApplyAdviceDocument);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to read again
  useEffect(() => read({ requestPolicy: "network-only" }), [version, read]);
  if (!data?.run) return null;
  const apply = async (advice: string) => {
    const result = await applyAdvice({ run, advice });
    const started = result.data?.applyAdvice;
    if (started) {
      const open = { label: t("open"), run: () => router.push(`/runs/${started.id}`) };
      showToast(t("started", { name: started.name }), { action: open });
    } else reportFailure(result.error);
    read({ requestPolicy: "network-only" });
  };
  return (
    <>
      <RunLineage run={data.run} />
      <section aria-label={t("title")}>
        <h2 className="mb-2 text-base font-semibold">{t("title")}</h2>
        {data.run.advice.length === 0 ? (
          <p className="text-ink-3">{t("none")}</p>
        ) : (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            {data.run.advice.map((advice) => (
              <AdviceCard
                key={advice.rule}
                advice={advice}
                config={(data.run!.config ?? {}) as Record<string, unknown>}
                scores={data.project?.adviceScores ?? []}
                isBusy={isBusy}
                onApply={(action) => void apply(action)}
              />
            ))}
          </div>
        )}
      </section>
    </>
  );
}
