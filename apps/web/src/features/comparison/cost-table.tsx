"use client";
import { useTranslations } from "next-intl";
import type { CostPoint } from "@/features/comparison/cost-front";
import { useFormat } from "@/lib/use-format";
import { ScrollRegion } from "@/ui/scroll-region";
import { Uncertain } from "@/ui/uncertain";

/** The same as the scatter says, to be read: cheapest first. */
export function CostTable({
  points,
  cost,
  sayCost,
}: {
  points: readonly CostPoint[];
  /** What the cost is called. */
  cost: string;
  sayCost: (value: number) => string;
}) {
  const t = useTranslations("comparison.cost");
  const format = useFormat();
  const cell = "border-b py-1 pr-6 text-left font-normal";
  return (
    <details className="text-sm">
      <summary className="text-accent">{t("table")}</summary>
      <ScrollRegion label={t("title")}>
        <table className="tabular">
          <thead className="text-xs text-ink-3">
            <tr>
              {[t("run"), cost, t("accuracy"), t("front")].map((head) => (
                <th key={head} scope="col" className={cell}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.key}>
                <th scope="row" className={cell}>
                  {point.name}
                </th>
                <td className={cell}>{sayCost(point.cost)}</td>
                <td className={cell}>
                  <Uncertain spoken={format.percent({ estimate: point.accuracy, low: point.low, high: point.high })} />
                </td>
                <td className={cell}>{point.isOnFront ? t("isOnFront") : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
