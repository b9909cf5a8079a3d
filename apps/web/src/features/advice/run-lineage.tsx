"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { OutcomeChip } from "@/features/advice/outcome-chip";
import { SettingChanges } from "@/features/advice/setting-changes";
import type { AdviceOutcomePartsFragment, RunAdviceQuery } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";

type LineageRun = NonNullable<RunAdviceQuery["run"]>;

/** Where the run comes from and what was started from it, with what changed on the way and whether it helped. */
export function RunLineage({ run }: { run: LineageRun }) {
  const t = useTranslations("advice");
  if (!run.parent && run.children.length === 0) return null;
  return (
    <section aria-label={t("lineage")}>
      <h2 className="mb-2 text-base font-semibold">{t("lineage")}</h2>
      <ul className="flex flex-col gap-2 border-l-2 border-line-strong pl-4">
        {run.parent && (
          <li className="flex flex-col gap-0.5">
            <p className="flex flex-wrap items-center gap-2">
              {t.rich("from", {
                run: () => <RunLink key="run" id={run.parent!.id} name={run.parent!.name} />,
              })}
              {run.appliedAdvice && <Outcome advice={run.appliedAdvice} />}
            </p>
            <SettingChanges changes={run.changes} />
          </li>
        )}
        {run.children.map((child) => (
          <li key={child.id} className="flex flex-col gap-0.5">
            <p className="flex flex-wrap items-center gap-2">
              {t.rich("to", { run: () => <RunLink key="run" id={child.id} name={child.name} /> })}
              {child.appliedAdvice && <Outcome advice={child.appliedAdvice} />}
            </p>
            <SettingChanges changes={child.changes} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RunLink({ id, name }: { id: string; name: string }) {
  return (
    <Link href={`/runs/${id}`} className="text-accent underline">
      {name}
    </Link>
  );
}

function Outcome({ advice: { rule, outcome, difference } }: { advice: AdviceOutcomePartsFragment }) {
  const t = useTranslations("advice");
  const format = useFormat();
  const points = difference && format.points(difference);
  return (
    <>
      <span className="text-ink-3">{t(`rule.${rule}`)}</span>
      <OutcomeChip outcome={outcome} />
      {points && (
        <span className="tabular text-xs text-ink-3">
          {points.value}
          {points.range && ` (${points.range})`}
        </span>
      )}
    </>
  );
}
