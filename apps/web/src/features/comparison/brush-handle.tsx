"use client";
import { useTranslations } from "next-intl";
import type { KeyboardEvent, PointerEvent } from "react";
import { type Brush, moveBrush, type ParallelAxis } from "@/features/comparison/parallel-axes";

const halfWidth = 9;

/** One end of the brush on an axis: a slider over the axis's values, moved by arrow keys or by dragging. */
export function BrushHandle({
  axis,
  brush,
  end,
  x,
  y,
  name,
  say,
  onBrush,
}: {
  axis: ParallelAxis;
  brush: Brush;
  end: "from" | "to";
  x: number;
  y: (share: number) => number;
  name: string;
  say: (field: string, value: unknown) => string;
  onBrush: (brush: Brush) => void;
}) {
  const t = useTranslations("comparison.parallel");
  const { stops, field } = axis;
  const stop = stops[brush[end]];
  if (!stop) return null;
  const at = y(stop.place);
  const value = say(field, stop.value);
  const isTop = end === "to";

  const onKeyDown = (event: KeyboardEvent) => {
    const next = moveBrush(event.key, end, brush, stops.length);
    if (!next) return;
    event.preventDefault();
    onBrush(next);
  };
  const onPointerMove = (event: PointerEvent<SVGGElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const svg = event.currentTarget.ownerSVGElement!;
    const height = event.clientY - svg.getBoundingClientRect().top;
    const share = (height - y(0)) / (y(1) - y(0));
    const nearest = stops.reduce(
      (best, { place }, i) => (Math.abs(place - share) < Math.abs(stops[best]!.place - share) ? i : best),
      0,
    );
    const next = isTop
      ? { ...brush, to: Math.max(brush.from, nearest) }
      : { ...brush, from: Math.min(brush.to, nearest) };
    if (next[end] !== brush[end]) onBrush(next);
  };

  return (
    <g
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t(isTop ? "highest" : "lowest", { name })}
      aria-valuemin={0}
      aria-valuemax={stops.length - 1}
      aria-valuenow={brush[end]}
      aria-valuetext={value}
      className="cursor-ns-resize touch-none"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
    >
      <rect x={x - 12} y={isTop ? at - 22 : at} width={24} height={22} fill="transparent" />
      <path
        d={`M${x - halfWidth} ${at}H${x + halfWidth}L${x} ${at + (isTop ? -7 : 7)}Z`}
        fill="var(--accent)"
        stroke="var(--ground)"
      />
      <text x={x} y={isTop ? at - 10 : at + 18} textAnchor="middle" fill="var(--ink)">
        {value.length > 16 ? `${value.slice(0, 15)}…` : value}
      </text>
    </g>
  );
}
