"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { PairForm } from "@/features/gap/pair-form";
import type { PageRun } from "@/features/run/use-run";
import { useSay } from "@/lib/say";

/** Which series a logged run's gap is read from, what that makes of it, and where the pair can be changed. */
export function GapBasis({ run, onChanged }: { run: PageRun; onChanged: () => void }) {
  const t = useTranslations("gap");
  const say = useSay();
  const [isEditing, setEditing] = useState(false);
  if (run.origin !== "LOGGED" || run.metrics.length < 2) return null;
  const gap = run.generalizationGap;
  // A run that logged evaluations needs no pair.
  if (gap && gap.pairs.length === 0) return null;
  return (
    <section aria-label={t("title")} className="flex max-w-3xl flex-col gap-2">
      <p className="text-ink-2">
        {gap ? t("from", { pairs: gap.pairs.map(({ train, val }) => `${train} – ${val}`).join(", ") }) : t("none")}{" "}
        <button type="button" className="text-accent underline" onClick={() => setEditing(!isEditing)}>
          {t("change")}
        </button>
      </p>
      {run.curves.accuracyInPercent && <p className="text-ink-3">{t("inPercent")}</p>}
      {gap?.reservation && <p className="text-warn">{say(gap.reservation)}</p>}
      {isEditing && (
        <PairForm
          run={run}
          onDone={() => {
            setEditing(false);
            onChanged();
          }}
        />
      )}
    </section>
  );
}
