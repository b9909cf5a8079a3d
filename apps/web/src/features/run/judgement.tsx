"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { CalibrationChart } from "@/features/images/calibration-chart";
import { TestMistakes, ValMistakes } from "@/features/images/mistakes-gallery";
import { RunJudgementDocument } from "@/gql/graphql";

/** What the predictions of single images tell of an evaluation: how far its confidence can be believed, and its mistakes themselves. */
export function Judgement({
  run,
  step,
  classes,
  hasTestScore,
}: {
  run: string;
  step: number;
  classes: readonly string[];
  hasTestScore: boolean;
}) {
  const t = useTranslations("run");
  const [{ data }] = useQuery({ query: RunJudgementDocument, variables: { run, step } });
  const val = data?.run?.evaluation?.val.calibration;
  const test = data?.run?.testScore?.calibration;
  const series = [
    ...(val ? [{ name: t("evaluation.val"), color: "var(--accent)", bins: val }] : []),
    ...(test ? [{ name: t("evaluation.test"), color: "var(--warn)", bins: test }] : []),
  ];
  return (
    <>
      {series.length > 0 && <CalibrationChart title={t("calibration.title")} series={series} />}
      <ValMistakes run={run} step={step} classes={classes} />
      {hasTestScore && <TestMistakes run={run} classes={classes} />}
    </>
  );
}
