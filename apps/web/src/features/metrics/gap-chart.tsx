"use client";
import { float64ColumnFromBase64 } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import type { GapCurveFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { gapShape } from "./gap-shape";
import { useWidth } from "./use-width";

/** The generalization gap of one run over its epochs, of its losses where it logged nothing else, with its 95 % interval as a band, the best epoch, and where overfitting began. */
export function GapChart({
  gap,
  color,
  height = 220,
}: {
  gap: GapCurveFragment | null;
  color: string;
  height?: number;
}) {
  const t = useTranslations("metrics.gap");
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 560);
  const unit = gap?.measure === "LOSS" ? "loss" : "points";
  const shape = useMemo(() => {
    if (!gap) return null;
    const gaps = float64ColumnFromBase64(unit === "loss" ? gap.lossGaps : gap.accuracyGaps);
    const [low, high] = [gap.accuracyLow, gap.accuracyHigh].map(float64ColumnFromBase64);
    return gapShape({ epochs: gap.epochs, gaps, low: low!, high: high! }, width, height, unit);
  }, [gap, width, height, unit]);
  const last = shape?.dots.at(-1);
  const epochText = (epoch: number) => format.decimal(epoch, Number.isInteger(epoch) ? 0 : 1);

  return (
    <figure className="min-w-0">
      <figcaption className="flex min-h-8 items-center text-sm font-medium">{t("title")}</figcaption>
      <div ref={place} style={{ height }}>
        {!gap || !shape || !last ? (
          <p className="flex h-full items-center justify-center text-ink-3">{t("empty")}</p>
        ) : (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={t(gap.onsetEpoch === null ? "summary" : "summaryOnset", {
              unit,
              count: shape.dots.length,
              value: unit === "loss" ? format.number(last.gap) : format.decimal(last.gap, 1),
              epoch: epochText(last.epoch),
              onset: epochText(gap.onsetEpoch ?? 0),
            })}
          >
            <g fill="var(--ink-3)" fontSize="11" className="tabular">
              {shape.yTicks.map(({ y, gap: tick }) => (
                <g key={tick}>
                  <line x1={shape.plot.left} x2={shape.plot.right} y1={y} y2={y} stroke="var(--line)" />
                  <text x={shape.plot.left - 6} y={y} textAnchor="end" dominantBaseline="middle">
                    {unit === "loss" ? format.number(tick) : format.decimal(tick, Number.isInteger(tick) ? 0 : 1)}
                  </text>
                </g>
              ))}
              {shape.xTicks.map(({ x, epoch }) => (
                <text key={epoch} x={x} y={shape.plot.bottom + 14} textAnchor="middle">
                  {epochText(epoch)}
                </text>
              ))}
              <text x={shape.plot.right} y={height - 3} textAnchor="end">
                {t("epoch")}
              </text>
              <text x={4} y={10}>
                {t("axis", { unit })}
              </text>
            </g>
            <line
              x1={shape.plot.left}
              x2={shape.plot.right}
              y1={shape.zero}
              y2={shape.zero}
              stroke="var(--line-strong)"
            />
            {gap.bestEpoch !== null && gap.bestEpoch !== gap.onsetEpoch && (
              <EpochMarker x={shape.placeOfEpoch(gap.bestEpoch)} plot={shape.plot} color="var(--ink-3)">
                {t("best", { epoch: epochText(gap.bestEpoch) })}
              </EpochMarker>
            )}
            {gap.onsetEpoch !== null && (
              <EpochMarker x={shape.placeOfEpoch(gap.onsetEpoch)} plot={shape.plot} color="var(--bad)">
                {t("onset", { epoch: epochText(gap.onsetEpoch) })}
              </EpochMarker>
            )}
            <path d={shape.band} fill={color} fillOpacity="0.16" />
            <path d={shape.line} fill="none" stroke={color} strokeWidth="1.8" strokeLinejoin="round" />
            {shape.dots.map(({ x, y, epoch }) => (
              <circle key={epoch} cx={x} cy={y} r="2.4" fill={color} />
            ))}
          </svg>
        )}
      </div>
    </figure>
  );
}

function EpochMarker({
  x,
  plot,
  color,
  children,
}: {
  x: number;
  plot: { left: number; right: number; top: number; bottom: number };
  color: string;
  children: string;
}) {
  const isRight = x > (plot.left + plot.right) / 2;
  return (
    <g fill={color} fontSize="11">
      <line x1={x} x2={x} y1={plot.top} y2={plot.bottom} stroke={color} strokeDasharray="3 3" />
      <text x={isRight ? x - 5 : x + 5} y={plot.top + 10} textAnchor={isRight ? "end" : "start"}>
        {children}
      </text>
    </g>
  );
}
