"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useMutation, useQuery } from "urql";
import { LearningCurveChart } from "@/features/learning-curve/learning-curve-chart";
import { type LearningCurveViewFragment, RunLearningCurveDocument, StartLearningCurveDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { useSay } from "@/lib/say";
import { showToast } from "@/lib/toast";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";

/** What more train images would be worth beside a bigger network; one click trains on parts of them. `version`: see RunAdvice. */
export function LearningCurvePanel({ run, version }: { run: string; version: string }) {
  const t = useTranslations("learningCurve");
  const say = useSay();
  const [{ data }, read] = useQuery({ query: RunLearningCurveDocument, variables: { run } });
  const [{ fetching: isBusy }, startCurve] = useMutation(StartLearningCurveDocument);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to read again
  useEffect(() => read({ requestPolicy: "network-only" }), [version, read]);
  const curve = data?.run?.learningCurve;
  if (!curve || (curve.points.length === 0 && !curve.plan)) return null;
  const start = async () => {
    const result = await startCurve({ run });
    if (reportFailure(result.error)) showToast(t("started", { count: result.data?.startLearningCurve.length ?? 0 }));
    read({ requestPolicy: "network-only" });
  };
  return (
    <section aria-label={t("title")} className="max-w-3xl">
      <h2 className="text-base font-semibold">{t("title")}</h2>
      <p className="text-ink-2">
        {say(curve.moreData)} {curve.biggerNetwork && say(curve.biggerNetwork)}
      </p>
      {curve.points.length > 1 && <LearningCurveChart curve={curve} />}
      {curve.plan && <Start plan={curve.plan} isBusy={isBusy} onStart={() => void start()} />}
    </section>
  );
}

function Start({
  plan: { sizes, costFactor, costSeconds },
  isBusy,
  onStart,
}: {
  plan: NonNullable<LearningCurveViewFragment["plan"]>;
  isBusy: boolean;
  onStart: () => void;
}) {
  const t = useTranslations("learningCurve");
  const format = useFormat();
  const factor = format.decimal(costFactor, 2);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1" data-print="hide">
      <Button icon="play" disabled={isBusy} onClick={onStart}>
        {t("start", { sizes: sizes.map(format.count).join(", ") })}
      </Button>
      <span className="tabular text-xs text-ink-3">
        {costSeconds === null ? t("costFactor", { factor }) : t("cost", { factor, time: format.estimate(costSeconds) })}
      </span>
    </div>
  );
}
