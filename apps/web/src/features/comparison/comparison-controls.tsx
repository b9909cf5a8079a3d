"use client";
import { budgetUnits, selections } from "@residual/shared";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { groupings, margins, type useComparisonOptions } from "@/features/comparison/use-comparison-options";
import { useFormat } from "@/lib/use-format";
import { Input, Select } from "@/ui/field";

type Options = ReturnType<typeof useComparisonOptions>;

/** What the runs are grouped by, measured against and judged at, and what counts as equal. */
export function ComparisonControls({
  options: { baseline, groupBy, selection, budgetUnit, budget, margin },
  set,
  members,
}: Pick<Options, "options" | "set"> & { members: readonly { id: string; name: string }[] }) {
  const t = useTranslations("comparison");
  const format = useFormat();
  return (
    <>
      <Choice id="group" label={t("group.label")} value={groupBy} onChange={(value) => set({ group: lower(value) })}>
        {groupings.map((one) => (
          <option key={one} value={one}>
            {t(`group.${one}`)}
          </option>
        ))}
      </Choice>
      <Choice id="baseline" label={t("baseline.label")} value={baseline} onChange={(value) => set({ baseline: value })}>
        <option value="">{t("baseline.best")}</option>
        {members.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice id="at" label={t("at.label")} value={selection} onChange={(value) => set({ at: lower(value) })}>
        {selections.map((one) => (
          <option key={one} value={one}>
            {t(`at.${one}`)}
          </option>
        ))}
      </Choice>
      {selection === "BUDGET" && (
        <>
          <Choice
            id="unit"
            label={t("unit.label")}
            value={budgetUnit}
            // What was so many steps is not as many seconds.
            onChange={(value) => set({ unit: lower(value), budget: "" })}
          >
            {budgetUnits.map((one) => (
              <option key={one} value={one}>
                {t(`unit.${one}`)}
              </option>
            ))}
          </Choice>
          <BudgetAmount key={`${budgetUnit} ${budget}`} budget={budget} onChange={(value) => set({ budget: value })} />
        </>
      )}
      <Choice
        id="margin"
        label={t("margin.label")}
        value={String(margin * 100)}
        onChange={(value) => set({ margin: value })}
      >
        {margins.map((points) => (
          <option key={points} value={String(points)}>
            {t("margin.points", { points: format.number(points) })}
          </option>
        ))}
      </Choice>
    </>
  );
}

/** At which step, or after how many images, seconds or multiply-adds; empty for the most that all runs have spent. */
function BudgetAmount({ budget, onChange }: { budget: number | null; onChange: (value: string) => void }) {
  const t = useTranslations("comparison");
  const [typed, setTyped] = useState(budget === null ? "" : String(budget));
  return (
    <label className="flex items-center gap-2 text-sm whitespace-nowrap" htmlFor="budget">
      {t("budget.label")}
      <Input
        id="budget"
        type="number"
        min="0"
        step="any"
        className="w-36"
        placeholder={t("budget.common")}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={() => onChange(typed)}
        onKeyDown={({ key }) => key === "Enter" && onChange(typed)}
      />
    </label>
  );
}

const lower = (value: string): string => value.toLowerCase();

function Choice({
  id,
  label,
  value,
  onChange,
  children,
}: {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <label className="flex items-center gap-2 text-sm whitespace-nowrap" htmlFor={id}>
      {label}
      <Select id={id} className="max-w-48" value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </Select>
    </label>
  );
}
