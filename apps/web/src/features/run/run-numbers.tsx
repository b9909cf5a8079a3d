"use client";
import { useTranslations } from "next-intl";
import { useOnsetFact } from "@/features/run/use-onset-fact";
import type { RunViewFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { FactList } from "@/ui/fact-list";
import { Uncertain } from "@/ui/uncertain";

/** The run's numbers at its best epoch, each with its 95 % interval. */
export function RunNumbers({ run }: { run: RunViewFragment }) {
  const t = useTranslations("run.numbers");
  const format = useFormat();
  const best = run.bestEvaluation;
  const gap = run.generalizationGap;
  const onset = useOnsetFact(gap);
  if (!best)
    return run.seriesScore ? (
      <SeriesNumbers run={run} score={run.seriesScore} />
    ) : (
      <p className="text-ink-3">{t("none")}</p>
    );
  const epoch = (value: number) => format.decimal(value, Number.isInteger(value) ? 0 : 1);
  return (
    <section aria-label={t("title")}>
      <FactList
        facts={[
          {
            label: t("valAccuracy"),
            value: <Uncertain spoken={format.percent(best.val.accuracy)} />,
            note: t("images", { count: format.count(best.val.examples) }),
          },
          {
            label: t("trainAccuracy"),
            value: <Uncertain spoken={format.percent(best.train.accuracy)} />,
            note: t("images", { count: format.count(best.train.examples) }),
          },
          ...(run.testScore
            ? [
                {
                  label: t("testAccuracy"),
                  value: <Uncertain spoken={format.percent(run.testScore.accuracy)} />,
                  note: t("testNote", { count: format.count(run.testScore.examples) }),
                },
              ]
            : []),
          { label: t("valLoss"), value: format.number(best.val.meanLoss) },
          { label: t("gap"), value: <Uncertain spoken={format.points(best.accuracyGap)} /> },
          {
            label: `${t("gap")}, ${t("last")}`,
            value: <Uncertain spoken={gap?.accuracy ? format.points(gap.accuracy) : null} />,
          },
          { label: t("epoch"), value: epoch(best.epoch) },
          onset ?? { label: t("onset"), value: t("noOnset") },
        ]}
      />
    </section>
  );
}

/** The same of a run that logged series and no evaluations: what they tell at their best step. */
function SeriesNumbers({ run, score }: { run: RunViewFragment; score: NonNullable<RunViewFragment["seriesScore"]> }) {
  const t = useTranslations("run.numbers");
  const format = useFormat();
  const gap = run.generalizationGap;
  const onset = useOnsetFact(gap);
  const lossGap = gap?.loss ? format.number(gap.loss.estimate) : null;
  const gapFacts = gap?.accuracy
    ? [
        {
          label: `${t(gap.measure === "SCORE" ? "scoreGap" : "gap")}, ${t("last")}`,
          value: <Uncertain spoken={format.points(gap.accuracy)} />,
        },
      ]
    : lossGap === null
      ? []
      : [{ label: `${t("lossGap")}, ${t("last")}`, value: lossGap }];
  const share = (label: string, interval: typeof score.valAccuracy) =>
    interval ? [{ label, value: <Uncertain spoken={format.percent(interval)} /> }] : [];
  const loss = (label: string, value: typeof score.valLoss) =>
    value === null ? [] : [{ label, value: format.number(value) }];
  return (
    <section aria-label={t("title")} className="flex flex-col gap-2">
      <FactList
        facts={[
          ...share(t("valAccuracy"), score.valAccuracy),
          ...share(t("trainAccuracy"), score.trainAccuracy),
          ...loss(t("valLoss"), score.valLoss),
          ...loss(t("trainLoss"), score.trainLoss),
          ...gapFacts,
          { label: t("bestStep"), value: format.count(score.step) },
          ...(onset ? [onset] : []),
        ]}
      />
      <p className="text-ink-3">
        {t("fromSeries")} {score.valAccuracy?.low === null && t("uncounted")}
      </p>
    </section>
  );
}
