"use client";
import { useTranslations } from "next-intl";
import { useShownRows } from "@/features/comparison/shown-rows";
import type { ExperimentAnswerQuery, FairnessKind, Severity, TestMethod } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { cx } from "@/ui/class-names";
import { Icon, type IconName } from "@/ui/icon";
import { Uncertain } from "@/ui/uncertain";

type Comparison = NonNullable<NonNullable<ExperimentAnswerQuery["experiment"]>["comparison"]>;

const icons: Record<Severity, IconName> = { INFO: "info", WARN: "warning", BAD: "warning" };

/** Under the answer: the tests it rests on, and what stands in the way of a fair comparison. */
export function Evidence({
  comparison,
  acknowledged = [],
  onAcknowledge,
}: {
  comparison: Comparison;
  acknowledged?: readonly FairnessKind[];
  /** Where a finding that keeps the answer back can be taken upon oneself. */
  onAcknowledge?: (kind: FairnessKind) => void;
}) {
  const t = useTranslations("experiment");
  const format = useFormat();
  const say = useSay();
  const names = new Map(comparison.rows.flatMap((row) => row.runs.map((run) => [run.id, row.name] as const)));
  const { shown, more } = useShownRows(comparison.tests);
  return (
    <div className="mt-3 flex max-w-4xl flex-col gap-4 border-t pt-3">
      {comparison.fairness.length > 0 && (
        <section aria-label={t("fairness")}>
          <h2 className="mb-1 text-xs font-medium text-ink-3">{t("fairness")}</h2>
          <ul className="flex flex-col gap-1">
            {comparison.fairness.map((finding) => (
              <li key={`${finding.kind} ${finding.runs.join()}`} className="flex gap-2">
                <Icon
                  name={icons[finding.severity]}
                  className={cx(
                    "mt-0.5",
                    finding.severity === "BAD" ? "text-bad" : finding.severity === "WARN" ? "text-warn" : "text-ink-3",
                  )}
                />
                <span>
                  <span className="sr-only">{t(`severity.${finding.severity}`)}: </span>
                  {say(finding.message)}
                  {finding.severity === "BAD" &&
                    onAcknowledge &&
                    (acknowledged.includes(finding.kind) ? (
                      <span className="text-ink-3"> {t("acknowledged")}</span>
                    ) : (
                      <button
                        type="button"
                        className="ml-2 text-accent underline"
                        onClick={() => onAcknowledge(finding.kind)}
                      >
                        {t("acknowledge")}
                      </button>
                    ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={t("tests")}>
        <h2 className="mb-1 text-xs font-medium text-ink-3">{t("tests")}</h2>
        {comparison.tests.length === 0 ? (
          <p className="text-ink-2">{t("noTests")}</p>
        ) : (
          <div className="overflow-x-auto">
            <table className="w-full min-w-150 text-sm">
              <thead className="text-left text-xs text-ink-3">
                <tr>
                  <th className="py-1 pr-3 font-medium">{t("test.run")}</th>
                  <th className="py-1 pr-3 text-right font-medium">{t("test.difference")}</th>
                  <th className="py-1 pr-3 text-right font-medium">{t("test.p")}</th>
                  <th className="py-1 pr-3 font-medium">{t("test.method")}</th>
                  <th className="py-1 text-right font-medium">{t("test.sample")}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((test) => (
                  <tr key={`${test.run} ${test.baseline}`}>
                    <td className="border-t py-1.5 pr-3">
                      {t("test.against", {
                        run: names.get(test.run) ?? test.run,
                        baseline: names.get(test.baseline) ?? test.baseline,
                      })}
                    </td>
                    <td className="border-t py-1.5 pr-3 text-right">
                      <Uncertain spoken={format.points(test)} />
                    </td>
                    <td className="border-t py-1.5 pr-3 text-right">
                      {test.adjustedPValue < 0.001
                        ? `< ${format.decimal(0.001, 3)}`
                        : format.decimal(test.adjustedPValue, 3)}
                    </td>
                    <td className="border-t py-1.5 pr-3 text-ink-2">{t(`method.${test.method}`)}</td>
                    <td className="border-t py-1.5 text-right text-ink-2">
                      {t(isOverSeeds(test.method) ? "test.seeds" : "test.images", { count: test.examples })}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {more}
          </div>
        )}
      </section>
    </div>
  );
}

/** Whether a test rests on runs with different seeds, not on images. */
function isOverSeeds(method: TestMethod): boolean {
  return method === "PAIRED_T" || method === "WELCH_T";
}
