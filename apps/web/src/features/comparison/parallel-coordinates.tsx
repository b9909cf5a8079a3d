"use client";
import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import { BrushHandle } from "@/features/comparison/brush-handle";
import {
  type Brush,
  brushedRuns,
  type ParallelAxis,
  readBrushes,
  writeBrush,
} from "@/features/comparison/parallel-axes";
import { ParallelTable } from "@/features/comparison/parallel-table";
import { useParallelAxes } from "@/features/comparison/use-parallel-axes";
import { useWidth } from "@/features/metrics/use-width";
import type { ComparisonViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { useUrlList } from "@/lib/use-url-state";
import { Button } from "@/ui/button";
import { ScrollRegion } from "@/ui/scroll-region";

const height = 260;
const top = 44;
const bottom = 24;
const side = 70;
const narrowest = 104;
/** Beyond so many lines each one is faint, so that where they run together can be seen. */
const manyLines = 60;

/** Which settings went with which result: a line a run over the settings that differ. Brushes on the axes choose runs. */
export function ParallelCoordinates({ comparison }: { comparison: ComparisonViewFragment }) {
  const t = useTranslations("comparison.parallel");
  const { rows, axes, nameOf, sayValue } = useParallelAxes(comparison);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 640);
  const [texts, setTexts] = useUrlList("brush");
  const list = texts.join(",");
  const brushes = useMemo(() => readBrushes(list.split(","), axes), [list, axes]);
  const isWithin = useMemo(() => brushedRuns(axes, brushes, rows.length), [axes, brushes, rows.length]);
  if (rows.length < 2 || axes.length < 2) return null;

  const span = Math.max(width, side * 2 + narrowest * (axes.length - 1));
  const x = (axis: number) => side + (axis * (span - 2 * side)) / (axes.length - 1);
  const y = (share: number) => height - bottom - share * (height - bottom - top);
  const count = isWithin.filter(Boolean).length;
  const change = (axis: ParallelAxis, brush: Brush) =>
    setTexts((current) => {
      const text = writeBrush(axis, brush);
      return [...current.filter((one) => !one.startsWith(`${axis.field}~`)), ...(text === null ? [] : [text])];
    });

  return (
    <section className="min-w-0">
      <h2 className="text-base font-semibold">{t("title")}</h2>
      <p className="text-ink-3">{t("hint")}</p>
      <div className="flex min-h-8 flex-wrap items-center gap-3 text-sm" data-print="hide">
        <span role="status">{t("within", { count, total: rows.length })}</span>
        {brushes.size > 0 && (
          <Button look="quiet" icon="undo" onClick={() => setTexts(() => [])}>
            {t("all")}
          </Button>
        )}
      </div>
      <div ref={place}>
        <ScrollRegion label={t("title")}>
          {/* biome-ignore lint/a11y/noSvgWithoutTitle: the region around it has its name; a title would be a tooltip over every handle */}
          <svg width={span} height={height} fontSize="11">
            <g fill="none">
              {rows.map(({ key, runs }, row) => (
                <path
                  key={key}
                  d={lineOf(axes, row, x, y)}
                  stroke={isWithin[row] ? runColor(runs[0]?.id ?? key) : "var(--line-strong)"}
                  strokeOpacity={isWithin[row] ? inkOf(rows.length) : 0.35}
                  strokeWidth={isWithin[row] ? 1.6 : 1}
                />
              ))}
            </g>
            {axes.map((axis, number) => {
              const brush = brushes.get(axis.field) ?? { from: 0, to: axis.stops.length - 1 };
              const common = { axis, brush, x: x(number), y, name: nameOf(axis.field), say: sayValue };
              return (
                <g key={axis.field}>
                  <text x={x(number)} y={14} textAnchor="middle" fill="var(--ink-2)" fontWeight="600">
                    {nameOf(axis.field)}
                  </text>
                  <line x1={x(number)} x2={x(number)} y1={y(0)} y2={y(1)} stroke="var(--line-strong)" />
                  <BrushHandle {...common} end="to" onBrush={(next) => change(axis, next)} />
                  <BrushHandle {...common} end="from" onBrush={(next) => change(axis, next)} />
                </g>
              );
            })}
          </svg>
        </ScrollRegion>
      </div>
      <ParallelTable rows={rows} axes={axes} isWithin={isWithin} nameOf={nameOf} sayValue={sayValue} />
    </section>
  );
}

/** Opacity of a line among so many: where a thousand run together, it has to be seen where most of them do. */
function inkOf(lines: number): number {
  return lines > manyLines ? Math.max(0.08, 0.4 * Math.sqrt(manyLines / lines)) : 0.9;
}

/** A run's way over the axes; it breaks where the run has no value. */
function lineOf(
  axes: readonly ParallelAxis[],
  row: number,
  x: (axis: number) => number,
  y: (share: number) => number,
): string {
  let isBroken = true;
  return axes
    .map(({ places }, axis) => {
      const place = places[row] ?? null;
      if (place === null) {
        isBroken = true;
        return "";
      }
      const command = isBroken ? "M" : "L";
      isBroken = false;
      return `${command}${x(axis).toFixed(1)} ${y(place).toFixed(1)}`;
    })
    .join("");
}
