"use client";
import { planRungs, rungCost } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useFormat } from "@/lib/use-format";
import { Field, Select } from "@/ui/field";

const choices = [2, 3, 4] as const;

/** Whether a sweep trains everything to its end, or drops the weaker configurations on the way. keepOneIn null: everything. */
export function HalvingField({
  configs,
  keepOneIn,
  onKeepOneIn,
}: {
  configs: number;
  keepOneIn: number | null;
  onKeepOneIn: (keepOneIn: number | null) => void;
}) {
  const t = useTranslations("launch.halving");
  const format = useFormat();
  const cost = keepOneIn === null ? null : Math.round(100 * sweepCost(configs, keepOneIn));
  return (
    <Field
      label={t("label")}
      hint={cost === null ? t("hint") : t("cost", { percent: format.count(cost) })}
      className="max-w-72"
    >
      {(control) => (
        <Select
          {...control}
          value={keepOneIn === null ? "" : String(keepOneIn)}
          onChange={(event) => onKeepOneIn(event.target.value === "" ? null : Number(event.target.value))}
        >
          <option value="">{t("none")}</option>
          {choices.map((one) => (
            <option key={one} value={String(one)}>
              {t("keep", { one: format.count(one) })}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Training time in multiples of training everything to its end. */
export function sweepCost(configs: number, keepOneIn: number | null): number {
  return keepOneIn === null ? 1 : rungCost(planRungs(configs, keepOneIn));
}
