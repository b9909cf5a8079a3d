"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useMutation, useQuery } from "urql";
import { RunStatusDot } from "@/features/run-list/run-status-cell";
import { RunSweepDocument, StopSweepDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";

/** The sweep that a run belongs to: its rungs, who is still in, and one button that stops all of it. `version`: see RunAdvice. */
export function SweepPanel({ run, version }: { run: string; version: string }) {
  const t = useTranslations("sweep");
  const format = useFormat();
  const [{ data }, read] = useQuery({ query: RunSweepDocument, variables: { run } });
  const [{ fetching: isBusy }, stopSweep] = useMutation(StopSweepDocument);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to read again
  useEffect(() => read({ requestPolicy: "network-only" }), [version, read]);
  const sweep = data?.run?.sweep;
  const members = sweep?.rungs.flatMap(({ runs }) => runs) ?? [];
  if (!sweep || members.length < 2) return null;
  const stop = async () => {
    const { error } = await stopSweep({ id: sweep.id });
    reportFailure(error);
    read({ requestPolicy: "network-only" });
  };
  const isRunning = members.some(({ status }) => status === "RUNNING" || status === "QUEUED");
  return (
    <section aria-label={t("title")}>
      <h2 className="mb-1 flex flex-wrap items-center gap-3 text-base font-semibold">
        {t("title")}
        <Chip>{t(`status.${sweep.status}`)}</Chip>
        {isRunning && (
          <Button icon="stop" disabled={isBusy} onClick={() => void stop()}>
            {t("stopAll", {
              count: members.filter(({ status }) => status === "RUNNING" || status === "QUEUED").length,
            })}
          </Button>
        )}
      </h2>
      <ol className="flex flex-col gap-2">
        {sweep.rungs.map(({ candidates, share, runs }) => (
          <li key={share}>
            {sweep.keepOneIn !== null && (
              <p className="text-xs text-ink-3">
                {t("rung", { candidates, percent: format.count(Math.round(100 * share)) })}
              </p>
            )}
            <ul className="flex flex-wrap gap-x-4 gap-y-1">
              {runs.map((member) => (
                <li key={member.id} className="flex items-center gap-1.5">
                  <RunStatusDot status={member.status} />
                  {member.id === run ? (
                    <strong aria-current="true">{member.name}</strong>
                  ) : (
                    <Link href={`/runs/${member.id}`} className="text-accent underline">
                      {member.name}
                    </Link>
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}
