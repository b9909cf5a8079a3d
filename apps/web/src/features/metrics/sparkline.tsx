"use client";
import { useTranslations } from "next-intl";
import { sparklinePath } from "./sparkline-path";

/** A gap over the evaluations in a table cell: the line, zero as a hairline, the last value as a dot. values are shares (0.12 = 12 pp). */
export function Sparkline({
  values,
  color,
  label,
  width = 72,
  height = 20,
}: {
  values: ArrayLike<number>;
  color: string;
  /** The last value as it is written beside, for screen readers. */
  label: string;
  width?: number;
  height?: number;
}) {
  const t = useTranslations("metrics.gap");
  const shape = sparklinePath(values, width, height);
  return (
    <svg width={width} height={height} role="img" aria-label={t("sparkline", { value: label })} className="shrink-0">
      {shape && (
        <>
          <line x1="0" x2={width} y1={shape.zero} y2={shape.zero} stroke="var(--line-strong)" strokeWidth="1" />
          <path d={shape.path} fill="none" stroke={color} strokeWidth="1.5" strokeLinejoin="round" />
          <circle cx={shape.end.x} cy={shape.end.y} r="2" fill={color} />
        </>
      )}
    </svg>
  );
}
