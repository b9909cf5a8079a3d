"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { ClassRecallTable } from "@/features/comparison/class-recall-table";
import type { JudgingRun } from "@/features/comparison/same-images";
import { CalibrationChart } from "@/features/images/calibration-chart";
import { ConfusionMatrix } from "@/features/run/confusion-matrix";
import { classRecalls } from "@/features/run/confusion-scores";
import { RunJudgementDocument } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";

/** Class by class what two runs recognise, what they take for what, and how far their confidence can be believed. */
export function TwoJudgements({ run, baseline }: { run: JudgingRun; baseline: JudgingRun }) {
  const t = useTranslations("comparison.images");
  const sides = [useJudgement(baseline), useJudgement(run)].flatMap((side) => (side ? [side] : []));
  const confused = sides.flatMap(({ name, id, evaluation: { confusion, classes } }) =>
    confusion ? [{ id, name, confusion, classes: classes ?? [] }] : [],
  );
  const calibrated = sides.flatMap(({ id, name, evaluation: { val } }) =>
    val.calibration ? [{ name, color: runColor(id), bins: val.calibration }] : [],
  );
  if (confused.length === 0 && calibrated.length === 0) return null;
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        {confused.length === 2 && (
          <ClassRecallTable
            sides={confused.map(({ id, name, confusion, classes }) => ({
              id,
              name,
              rows: classRecalls(confusion, classes),
            }))}
          />
        )}
        {calibrated.length > 0 && <CalibrationChart title={t("calibration")} series={calibrated} />}
      </div>
      {confused.length > 0 && (
        <details>
          <summary className="font-medium text-accent">{t("confusion")}</summary>
          <div className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
            {confused.map(({ id, name, confusion, classes }) => (
              <div key={id} className="min-w-0">
                <h3 className="font-semibold">{name}</h3>
                <ConfusionMatrix confusion={confusion} classes={classes} />
              </div>
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

function useJudgement({ id, name, step }: JudgingRun) {
  const [{ data }] = useQuery({
    query: RunJudgementDocument,
    variables: { run: id, step: step ?? 0 },
    pause: step === null,
  });
  const evaluation = step === null ? null : data?.run?.evaluation;
  return evaluation ? { id, name, evaluation } : null;
}
