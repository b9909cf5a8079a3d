"use client";
import type { ConfigProblem, TrainingConfig } from "@residual/shared";
import { useTranslations } from "next-intl";
import {
  type AdvancedField,
  type ChoiceField,
  choices,
  isNumberField,
  isSwitchField,
  type NumberField,
  type SwitchField,
} from "@/features/launch/advanced-fields";
import type { LaunchSettings } from "@/features/launch/launch-form";
import { useSay } from "@/lib/say";
import { Field, Input, Select } from "@/ui/field";

/** The settings as they are, what changes them, and what is wrong with them. */
export interface SettingsForm {
  settings: LaunchSettings;
  onSettings: (settings: LaunchSettings) => void;
  /** What a field is when nobody touches it, for the first architecture chosen; undefined while the advice is on its way. */
  usual: (<Name extends keyof TrainingConfig>(field: Name) => TrainingConfig[Name]) | undefined;
  problems: ReadonlyMap<string, ConfigProblem>;
}

/** One advanced setting with its name, a line on what it does, and what it is when nobody touches it. */
export function SettingControl({ field, form, hint }: { field: AdvancedField; form: SettingsForm; hint?: string }) {
  const t = useTranslations("launch");
  const note = hint ?? t(`hint.${field}`);
  if (isNumberField(field)) return <NumberSetting field={field} form={form} hint={note} />;
  if (isSwitchField(field)) return <SwitchSetting field={field} form={form} hint={note} />;
  if (field === "initialWeights") return <WeightsSetting form={form} hint={note} />;
  return <ChoiceSetting field={field} form={form} hint={note} />;
}

/** A number: typed with point or comma; empty, it follows the default. */
export function NumberSetting({
  field,
  form: { settings, onSettings, usual, problems },
  label,
  hint,
  suggestions,
}: {
  field: NumberField;
  form: SettingsForm;
  label?: string;
  hint?: string;
  /** Id of a list of values to choose from. */
  suggestions?: string;
}) {
  const t = useTranslations("launch");
  const say = useSay();
  const problem = problems.get(field);
  return (
    <Field label={label ?? t(`field.${field}`)} hint={hint} error={problem && say(problem.message)}>
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          className="tabular w-full"
          list={suggestions}
          placeholder={usual ? (showTyped(usual(field)) ?? t("allOfThem")) : ""}
          value={settings.numbers[field] ?? ""}
          onChange={({ target }) =>
            onSettings({ ...settings, numbers: { ...settings.numbers, [field]: target.value } })
          }
        />
      )}
    </Field>
  );
}

/** A setting that is one of a few words. */
export function ChoiceSetting({ field, form, hint }: { field: ChoiceField; form: SettingsForm; hint?: string }) {
  const t = useTranslations("launch");
  const say = useSay();
  const { settings, onSettings, usual, problems } = form;
  const problem = problems.get(field);
  const name = (value: string) => t(`${field}.${value}` as never);
  return (
    <Field label={t(`field.${field}`)} hint={hint} error={problem && say(problem.message)}>
      {(control) => (
        <Select
          {...control}
          value={settings[field] ?? ""}
          onChange={({ target }) => onSettings({ ...settings, [field]: target.value || undefined })}
        >
          <option value="">{usual ? t("defaultIs", { value: name(usual(field)) }) : ""}</option>
          {choices[field].map((value) => (
            <option key={value} value={value}>
              {name(value)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function SwitchSetting({ field, form, hint }: { field: SwitchField; form: SettingsForm; hint: string }) {
  const t = useTranslations("launch");
  const { settings, onSettings, usual } = form;
  const value = settings[field];
  return (
    <Field label={t(`field.${field}`)} hint={hint}>
      {(control) => (
        <Select
          {...control}
          value={value === undefined ? "" : String(value)}
          onChange={({ target }) =>
            onSettings({ ...settings, [field]: target.value === "" ? undefined : target.value === "true" })
          }
        >
          <option value="">{usual ? t("defaultIs", { value: t(usual(field) ? "yes" : "no") }) : ""}</option>
          <option value="true">{t("yes")}</option>
          <option value="false">{t("no")}</option>
        </Select>
      )}
    </Field>
  );
}

function WeightsSetting({ form, hint }: { form: SettingsForm; hint: string }) {
  const t = useTranslations("launch");
  const say = useSay();
  const { settings, onSettings, usual, problems } = form;
  const problem = problems.get("initialWeights");
  return (
    <Field
      label={t("field.initialWeights")}
      hint={hint}
      error={problem && say(problem.message)}
      className="col-span-full"
    >
      {(control) => (
        <>
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            list="launch-weights"
            placeholder={usual?.("initialWeights")}
            value={settings.initialWeights ?? ""}
            onChange={({ target }) => onSettings({ ...settings, initialWeights: target.value || undefined })}
          />
          <datalist id="launch-weights">
            {(["AUTO", "RANDOM"] as const).map((source) => (
              <option key={source} value={source} label={t(`initialWeights.${source}`)} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** A number as somebody would type it: 5e-5, 0.1, 16. */
function showTyped(value: number | null): string | null {
  return value !== null && value !== 0 && Math.abs(value) < 0.001 ? value.toExponential() : (value?.toString() ?? null);
}
