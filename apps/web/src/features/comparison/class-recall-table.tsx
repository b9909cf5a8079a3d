"use client";
import { newcombeInterval } from "@residual/shared";
import { useTranslations } from "next-intl";
import type { ClassRecall } from "@/features/run/confusion-scores";
import { runColor } from "@/lib/run-color";
import { useFormat } from "@/lib/use-format";
import { ScrollRegion } from "@/ui/scroll-region";
import { Uncertain } from "@/ui/uncertain";

interface Side {
  readonly id: string;
  readonly name: string;
  readonly rows: readonly ClassRecall[];
}

/** How many images of each class two runs recognise, with 95 % intervals, and by how much they differ; the largest difference first. */
export function ClassRecallTable({ sides }: { sides: readonly Side[] }) {
  const t = useTranslations("comparison.images");
  const format = useFormat();
  const [baseline, run] = sides;
  if (!baseline || !run) return null;
  const rows = baseline.rows.flatMap((before) => {
    const after = run.rows.find(({ name }) => name === before.name);
    // Not paired class by class: the interval is on the wide side.
    const difference = after && newcombeInterval(after.correct, after.images, before.correct, before.images);
    return difference ? [{ name: before.name, before, after, difference }] : [];
  });
  rows.sort((a, b) => Math.abs(b.difference.estimate) - Math.abs(a.difference.estimate));
  return (
    <section className="min-w-0">
      <h3 className="font-semibold">{t("recalls")}</h3>
      <p className="mb-1 text-ink-3">{t("recallsHint")}</p>
      <ScrollRegion label={t("recalls")}>
        <table className="tabular text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              <th scope="col" className="py-1 pr-6 text-left font-normal">
                {t("class")}
              </th>
              {sides.map(({ id, name }) => (
                <th key={id} scope="col" className="py-1 pr-6 text-left font-normal whitespace-nowrap">
                  <span className="mr-1 inline-block size-2 rounded-full" style={{ background: runColor(id) }} />
                  {name}
                </th>
              ))}
              <th scope="col" className="py-1 text-left font-normal">
                {t("difference")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, before, after, difference }) => (
              <tr key={name} className="border-t">
                <th scope="row" className="py-1 pr-6 text-left font-normal">
                  {name}
                </th>
                {[before, after].map((side, i) => (
                  <td key={sides[i]?.id} className="py-1 pr-6 whitespace-nowrap">
                    {format.percent({ estimate: side.recall.estimate })?.value}{" "}
                    <span className="text-ink-3">
                      ({Math.round(side.recall.low * 100)}–{Math.round(side.recall.high * 100)}) {side.correct}/
                      {side.images}
                    </span>
                  </td>
                ))}
                <td className="py-1 whitespace-nowrap">
                  <Uncertain spoken={format.points(difference)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
