"use client";
import { useTranslations } from "next-intl";
import { Icon } from "@/ui/icon";

export interface SettingChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** Settings with their value before and after: "Epochs 6 → 2". */
export function SettingChanges({ changes }: { changes: readonly SettingChange[] }) {
  const t = useTranslations("launch.field");
  const advice = useTranslations("advice");
  const has = (field: string): field is Parameters<typeof t>[0] => t.has(field as Parameters<typeof t>[0]);
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs">
      {changes.map(({ field, before, after }) => (
        <li key={field} className="tabular">
          <span className="text-ink-3">{has(field) ? t(field) : field}</span> {spoken(before)}
          <Icon name="chevronRight" className="inline size-3 text-ink-3" />
          <span className="sr-only">{advice("becomes")}</span>
          {spoken(after)}
        </li>
      ))}
    </ul>
  );
}

function spoken(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
