"use client";
import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import { type CurvePoint, curveShape } from "@/features/learning-curve/curve-shape";
import { useWidth } from "@/features/metrics/use-width";
import type { LearningCurveViewFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";
import { useFormat } from "@/lib/use-format";

const height = 240;

type Placed = { images: number; accuracy: LearningCurveViewFragment["points"][number]["accuracy"] };

/** Each run with its interval, and the fitted curve with its band. */
export function LearningCurveChart({ curve }: { curve: LearningCurveViewFragment }) {
  const t = useTranslations("learningCurve");
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 480);
  const points = useMemo(() => curve.points.map(toPoint), [curve.points]);
  const shape = useMemo(
    () => curveShape(points, curve.forecast.map(toPoint), width, height),
    [points, curve.forecast, width],
  );
  const summary = points
    .map((point) => t("point", { images: format.count(point.images), accuracy: format.percent(point)?.value ?? "" }))
    .join("; ");
  return (
    <div ref={place} className="overflow-hidden">
      {shape && (
        <svg width={width} height={height} role="img" aria-label={summary} fontSize="11">
          <g fill="var(--ink-3)">
            {shape.yTicks.map(({ y, share }) => (
              <g key={share}>
                <line x1={shape.plot.left} x2={shape.plot.right} y1={y} y2={y} stroke="var(--line)" />
                <text x={shape.plot.left - 6} y={y} textAnchor="end" dominantBaseline="middle">
                  {format.number(Math.round(share * 1_000) / 10)} %
                </text>
              </g>
            ))}
            {shape.xTicks.map(({ x, images }) => (
              <text key={images} x={x} y={shape.plot.bottom + 14} textAnchor="middle">
                {format.count(images)}
              </text>
            ))}
            <text x={shape.plot.right} y={height - 4} textAnchor="end">
              {t("axis")}
            </text>
          </g>
          <path d={shape.band} fill="var(--accent)" fillOpacity="0.12" />
          <path d={shape.line} fill="none" stroke="var(--accent)" strokeWidth="1.4" strokeDasharray="5 3" />
          {shape.dots.map(({ x, y, top, bottom }, i) => (
            <g key={curve.points[i]!.run.id}>
              <title>{curve.points[i]!.run.name}</title>
              <line x1={x} x2={x} y1={top} y2={bottom} stroke="var(--accent)" strokeOpacity="0.6" />
              <circle cx={x} cy={y} r="4" fill="var(--accent)" />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

function toPoint({ images, accuracy }: Placed): CurvePoint {
  const estimate = finite(accuracy.estimate) ?? 0;
  return { images, estimate, low: finite(accuracy.low) ?? estimate, high: finite(accuracy.high) ?? estimate };
}
