"use client";
import { useTranslations } from "next-intl";
import type { HoverRow } from "./hover-rows";
import { LineSwatch } from "./line-swatch";

const shownRows = 12;

/** The values under the crosshair, sorted. The screen reader's way to them is the table. */
export function HoverList({
  at,
  rows,
  side,
  showRun,
  say,
}: {
  at: string;
  rows: HoverRow[];
  side: "left" | "right";
  showRun: boolean;
  say: (value: number) => string;
}) {
  const t = useTranslations("metrics");
  return (
    <div
      aria-hidden="true"
      className={`pointer-events-none absolute top-2 z-10 max-w-64 rounded border border-line-strong bg-raised px-2 py-1.5 text-xs ${side === "left" ? "left-16" : "right-3"}`}
    >
      <div className="tabular text-ink-3">{at}</div>
      {rows.slice(0, shownRows).map((row) => (
        <div key={`${row.run.id} ${row.key}`} className="flex items-center gap-1.5">
          <LineSwatch color={row.run.color} style={row.style} />
          <span className="min-w-0 flex-1 truncate">{showRun ? row.run.name : row.key}</span>
          <span className="tabular">{say(row.value)}</span>
        </div>
      ))}
      {rows.length > shownRows && (
        <div className="text-ink-3">{t("hover.more", { count: rows.length - shownRows })}</div>
      )}
    </div>
  );
}
