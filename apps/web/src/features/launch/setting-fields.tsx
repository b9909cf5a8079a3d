"use client";
import type { ConfigProblem } from "@residual/shared";
import { useTranslations } from "next-intl";
import { type LaunchSettings, type NumberField, numberFields } from "@/features/launch/launch-form";
import type { Augmentation, Optimizer } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { Field, Input, Select } from "@/ui/field";

const mainFields: readonly NumberField[] = ["epochs", "batchSize", "learningRate", "imageSize", "evalEvery"];
const augmentations: readonly Augmentation[] = ["NONE", "LIGHT", "STANDARD", "HEAVY"];
const optimizers: readonly Optimizer[] = ["ADAMW", "SGD"];

/**
 * The settings of a run. An empty field follows the recommendation, which stands in it in grey. `hints` says per field where its value comes
 * from; `problems` what is out of range, and why, while it is typed.
 */
export function SettingFields({
  settings,
  onSettings,
  placeholders,
  hints,
  problems,
}: {
  settings: LaunchSettings;
  onSettings: (settings: LaunchSettings) => void;
  placeholders: Partial<Record<NumberField | "augmentation", string>>;
  hints: Partial<Record<NumberField, string>>;
  problems: ReadonlyMap<string, ConfigProblem>;
}) {
  const t = useTranslations("launch");
  const say = useSay();
  const numberField = (field: NumberField) => {
    const problem = problems.get(field);
    return (
      <Field key={field} label={t(`field.${field}`)} hint={hints[field]} error={problem && say(problem.message)}>
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            autoComplete="off"
            className="tabular w-full"
            list={field === "imageSize" ? "launch-image-sizes" : undefined}
            placeholder={placeholders[field] ?? t(field === "trainImages" ? "allOfThem" : "automatic")}
            value={settings.numbers[field] ?? ""}
            onChange={({ target }) =>
              onSettings({ ...settings, numbers: { ...settings.numbers, [field]: target.value } })
            }
          />
        )}
      </Field>
    );
  };
  return (
    <div className="flex flex-col gap-3">
      <datalist id="launch-image-sizes">
        {[32, 64, 96, 128, 160, 224].map((size) => (
          <option key={size} value={size} />
        ))}
      </datalist>
      <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-3">
        {mainFields.map(numberField)}
        <Field label={t("field.augmentation")} hint={settings.augmentation ? undefined : t("recommended")}>
          {(control) => (
            <Select
              {...control}
              value={settings.augmentation ?? ""}
              onChange={({ target }) =>
                onSettings({ ...settings, augmentation: augmentations.find((level) => level === target.value) })
              }
            >
              <option value="">{placeholders.augmentation ?? t("automatic")}</option>
              {augmentations.map((level) => (
                <option key={level} value={level}>
                  {t(`augmentation.${level}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <details>
        <summary className="text-sm text-accent">{t("moreSettings")}</summary>
        <div className="mt-2 grid grid-cols-2 items-start gap-3 sm:grid-cols-3">
          <Field label={t("field.optimizer")}>
            {(control) => (
              <Select
                {...control}
                value={settings.optimizer ?? "ADAMW"}
                onChange={({ target }) =>
                  onSettings({ ...settings, optimizer: optimizers.find((optimizer) => optimizer === target.value) })
                }
              >
                {optimizers.map((optimizer) => (
                  <option key={optimizer} value={optimizer}>
                    {t(`optimizer.${optimizer}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {numberFields.filter((field) => !mainFields.includes(field)).map(numberField)}
          <Field label={t("field.freezeBatchNorm")}>
            {(control) => (
              <Select
                {...control}
                value={settings.freezeBatchNorm === undefined ? "" : String(settings.freezeBatchNorm)}
                onChange={({ target }) =>
                  onSettings({
                    ...settings,
                    freezeBatchNorm: target.value === "" ? undefined : target.value === "true",
                  })
                }
              >
                <option value="">{t("automatic")}</option>
                <option value="true">{t("yes")}</option>
                <option value="false">{t("no")}</option>
              </Select>
            )}
          </Field>
        </div>
      </details>
    </div>
  );
}
