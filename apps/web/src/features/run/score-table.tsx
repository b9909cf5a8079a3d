"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { RunEvaluationsQuery } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Uncertain } from "@/ui/uncertain";

type Evaluation = NonNullable<RunEvaluationsQuery["run"]>["evaluations"][number];
export type Score = Evaluation["train"];

/** Every score of each split beside the others. What none of them has is left out. */
export function ScoreTable({ scores }: { scores: readonly { split: "train" | "val" | "test"; score: Score }[] }) {
  const t = useTranslations("run.evaluation");
  const format = useFormat();
  const share = (value: number | null) => value !== null && format.percent({ estimate: value })?.value;
  const rows: [
    label: "images" | "accuracy" | "top5" | "balanced" | "macroF1" | "ece" | "loss",
    show: (score: Score) => ReactNode,
  ][] = [
    ["images", ({ examples }) => format.count(examples)],
    ["accuracy", ({ accuracy }) => <Uncertain spoken={format.percent(accuracy)} />],
    ["top5", ({ top5Correct, examples }) => top5Correct !== null && share(top5Correct / examples)],
    ["balanced", ({ balancedAccuracy }) => share(balancedAccuracy)],
    ["macroF1", ({ macroF1 }) => macroF1 !== null && format.decimal(macroF1, 3)],
    ["ece", ({ expectedCalibrationError }) => share(expectedCalibrationError)],
    ["loss", ({ meanLoss }) => format.number(meanLoss)],
  ];
  const known = rows.filter(([, show]) => scores.some(({ score }) => show(score) !== false));
  return (
    <table className="tabular text-sm">
      <thead className="text-xs text-ink-3">
        <tr>
          <th scope="col" className="pr-3 sm:pr-6 text-left font-normal">
            {t("score")}
          </th>
          {scores.map(({ split }) => (
            <th key={split} scope="col" className="pr-3 sm:pr-6 text-left font-normal">
              {t(split)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {known.map(([label, show]) => (
          <tr key={label}>
            <th
              scope="row"
              className="pr-3 sm:pr-6 text-left font-normal text-ink-2"
              title={t.has(`${label}Hint` as never) ? t(`${label}Hint` as never) : undefined}
            >
              {t(label)}
            </th>
            {scores.map(({ split, score }) => (
              <td key={split} className="pr-3 sm:pr-6">
                {show(score) || <span className="text-ink-3">–</span>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
