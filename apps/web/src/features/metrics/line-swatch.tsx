import type { LineStyle } from "./metric-lines";

const dashes: Record<LineStyle, string | undefined> = {
  solid: undefined,
  dashed: "5 3",
  dotted: "1.5 2.5",
  faint: undefined,
};

/** A short piece of a line as the chart draws it. */
export function LineSwatch({ color, style }: { color: string; style: LineStyle }) {
  return (
    <svg width="18" height="8" aria-hidden="true" className="shrink-0">
      <line
        x1="0"
        y1="4"
        x2="18"
        y2="4"
        stroke={color}
        strokeWidth={style === "faint" ? 1 : 2}
        strokeOpacity={style === "faint" ? 0.5 : 1}
        strokeDasharray={dashes[style]}
      />
    </svg>
  );
}
