"use client";
import { scoreClassification } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useQuery } from "urql";
import { ClassBars } from "@/features/run/class-bars";
import { ConfusionMatrix } from "@/features/run/confusion-matrix";
import { type ClassRecall, classRecalls, recallRows, topMistakes } from "@/features/run/confusion-scores";
import { Judgement } from "@/features/run/judgement";
import { type Score, ScoreTable } from "@/features/run/score-table";
import { RunEvaluationsDocument, type RunViewFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { useUrlState } from "@/lib/use-url-state";
import { ErrorState } from "@/ui/error-state";
import { Select } from "@/ui/field";
import { ScrollRegion } from "@/ui/scroll-region";
import { Skeleton } from "@/ui/skeleton";

/** One evaluation in full: both splits, what was taken for what, and how well each class is recognised. */
export function EvaluationTab({ run }: { run: RunViewFragment }) {
  const t = useTranslations("run.evaluation");
  const format = useFormat();
  const [{ data, error }, reload] = useQuery({ query: RunEvaluationsDocument, variables: { run: run.id } });
  const newest = run.generalizationGap?.epochs.length ?? 0;
  const known = data?.run?.evaluations.length ?? 0;
  useEffect(() => {
    if (newest > known && known > 0) reload({ requestPolicy: "network-only" });
  }, [newest, known, reload]);
  const bestStep = run.bestEvaluation?.step;
  const [chosen, choose] = useUrlState("evaluation", "best");

  if (error) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: "network-only" })} />;
  if (!data) return <Skeleton className="h-64 w-full" />;
  const evaluations = data.run?.evaluations ?? [];
  const evaluation =
    evaluations.find(({ step }) => String(step) === chosen) ??
    evaluations.find(({ step }) => step === bestStep) ??
    evaluations.at(-1);
  if (!evaluation) return <p className="text-ink-3">{t("empty")}</p>;
  const { confusion } = evaluation;
  const classes = evaluation.classes ?? [];
  const counted = (split: "val" | "test") =>
    (data.run?.dataset?.classes ?? []).map((one) => ({ name: one.name, images: one[split] }));
  const valRows = confusion
    ? classRecalls(confusion, classes)
    : recallRows(evaluation.val.classRecalls ?? [], counted("val"), evaluation.val.examples);
  const testScore = data.run?.testScore ?? null;
  const testRows = testScore ? recallRows(testScore.classRecalls ?? [], counted("test"), testScore.examples) : [];
  const mistakes = confusion ? topMistakes(confusion, classes, 5) : [];

  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-start gap-6">
        <label className="flex flex-col gap-1 text-xs text-ink-2" htmlFor="evaluation">
          {t("choose")}
          <Select
            id="evaluation"
            className="max-w-64"
            value={String(evaluation.step)}
            onChange={(event) => choose(event.target.value)}
          >
            {evaluations.map(({ epoch, step }) => (
              <option key={step} value={String(step)}>
                {t(step === bestStep ? "best" : "option", { epoch: format.number(epoch), step: format.count(step) })}
              </option>
            ))}
          </Select>
        </label>
        <ScrollRegion label={t("score")}>
          <ScoreTable
            scores={[
              { split: "train", score: evaluation.train },
              { split: "val", score: withConfusion(evaluation.val, confusion) },
              ...(testScore ? [{ split: "test", score: testScore } as const] : []),
            ]}
          />
        </ScrollRegion>
      </div>
      {testScore && <p className="text-ink-3">{t("testHint")}</p>}
      {!confusion && <p className="text-ink-3">{t("noConfusion")}</p>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
        {confusion && (
          <section>
            <h2 className="text-base font-semibold">{t("confusion")}</h2>
            <p className="mb-2 text-ink-3">{t("confusionHint", { count: format.count(evaluation.val.examples) })}</p>
            <ConfusionMatrix confusion={confusion} classes={classes} />
            <h3 className="mt-4 font-semibold">{t("mistakes")}</h3>
            {mistakes.length === 0 && <p className="text-ink-3">{t("noMistakes")}</p>}
            <ol className="list-decimal pl-5">
              {mistakes.map((mistake) => (
                <li key={`${mistake.truth} ${mistake.taken}`}>{t("mistake", { ...mistake })}</li>
              ))}
            </ol>
          </section>
        )}
        <div className="flex min-w-0 flex-col gap-8">
          <ClassSection title={t("perClass")} rows={valRows} />
          <ClassSection title={t("perClassTest")} rows={testRows} />
        </div>
      </div>
      <Judgement run={run.id} step={evaluation.step} classes={classes} hasTestScore={testScore !== null} />
    </div>
  );
}

function ClassSection({ title, rows }: { title: string; rows: readonly ClassRecall[] }) {
  const t = useTranslations("run.evaluation");
  if (rows.length === 0) return null;
  return (
    <section>
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="mb-2 text-ink-3">{t("perClassHint")}</p>
      <ClassBars rows={rows} />
    </section>
  );
}

/** A score of an evaluation that was logged without what the confusion matrix tells. */
function withConfusion(score: Score, confusion: number[][] | null): Score {
  if (!confusion) return score;
  const { balancedAccuracy, macroF1 } = scoreClassification(confusion);
  return {
    ...score,
    balancedAccuracy: score.balancedAccuracy ?? balancedAccuracy,
    macroF1: score.macroF1 ?? macroF1,
  };
}
