"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { OutcomeChip } from "@/features/advice/outcome-chip";
import { SettingChanges } from "@/features/advice/setting-changes";
import type { AdviceCardPartsFragment, RunAdviceQuery } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { Chip, type Tone } from "@/ui/chip";

type Action = AdviceCardPartsFragment["actions"][number];
type Score = NonNullable<RunAdviceQuery["project"]>["adviceScores"][number];

const tones: Record<AdviceCardPartsFragment["severity"], Tone> = { ERROR: "bad", WARN: "warn", INFO: "neutral" };

/** What was found in the run's record, and what to try, in that order, each with its settings, its price and how it did here before. */
export function AdviceCard({
  advice,
  config,
  scores,
  isBusy,
  onApply,
}: {
  advice: AdviceCardPartsFragment;
  config: Readonly<Record<string, unknown>>;
  scores: readonly Score[];
  isBusy: boolean;
  onApply: (action: string) => void;
}) {
  const t = useTranslations("advice");
  const say = useSay();
  return (
    <article className="rounded border border-line bg-raised p-3">
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        {t(`rule.${advice.rule}`)}
        <Chip tone={tones[advice.severity]}>{t(`severity.${advice.severity}`)}</Chip>
      </h3>
      <p className="mt-1 text-ink-2">{say(advice.finding)}</p>
      <ol className="mt-2 flex flex-col divide-y divide-line">
        {advice.actions.map((action) => (
          <li key={action.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2">
            <div className="flex min-w-0 basis-64 grow flex-col gap-0.5">
              <p>{say(action.message)}</p>
              <ActionFacts action={action} config={config} score={scoreOf(scores, action)} />
            </div>
            <ActionButton action={action} isBusy={isBusy} onApply={onApply} />
          </li>
        ))}
      </ol>
    </article>
  );
}

function scoreOf(scores: readonly Score[], { id }: Action): Score | undefined {
  return scores.find(({ rule, action }) => `${rule}.${action}` === id);
}

function ActionFacts({
  action: { patch, costFactor, costSeconds },
  config,
  score,
}: {
  action: Action;
  config: Readonly<Record<string, unknown>>;
  score: Score | undefined;
}) {
  const t = useTranslations("advice");
  const format = useFormat();
  const changes = Object.entries(patch ?? {}).map(([field, after]) => ({ field, before: config[field], after }));
  return (
    <>
      {changes.length > 0 && <SettingChanges changes={changes} />}
      {costFactor !== null && (
        <p className="tabular text-xs text-ink-3">
          {costSeconds === null
            ? t("costFactor", { factor: format.decimal(costFactor, 2) })
            : t("cost", { factor: format.decimal(costFactor, 2), time: format.estimate(costSeconds) })}
        </p>
      )}
      {score && <p className="tabular text-xs text-ink-3">{t("score", { ...score })}</p>}
    </>
  );
}

function ActionButton({
  action: { id, patch, appliedAs, message },
  isBusy,
  onApply,
}: {
  action: Action;
  isBusy: boolean;
  onApply: (action: string) => void;
}) {
  const t = useTranslations("advice");
  const say = useSay();
  if (appliedAs) {
    return (
      <span className="flex items-center gap-2">
        {appliedAs.appliedAdvice && <OutcomeChip outcome={appliedAs.appliedAdvice.outcome} />}
        <Link href={`/runs/${appliedAs.id}`} className="text-accent underline">
          {t("applied")}
        </Link>
      </span>
    );
  }
  if (!patch) return null;
  return (
    <Button
      disabled={isBusy}
      onClick={() => onApply(id)}
      aria-label={t("applyThis", { action: say(message) })}
      data-print="hide"
    >
      {t("apply")}
    </Button>
  );
}
