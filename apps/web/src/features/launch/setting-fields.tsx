"use client";
import { useTranslations } from "next-intl";
import { AdvancedSettings } from "@/features/launch/advanced-settings";
import { ChoiceSetting, NumberSetting, type SettingsForm } from "@/features/launch/setting-control";

/**
 * The settings of a run: those of the guide in front, the rest behind "Advanced". An empty field follows the recommendation, which stands in
 * it in grey. `hints` says per field where its value comes from.
 */
export function SettingFields({
  form,
  hints,
  isSweep,
}: {
  form: SettingsForm;
  hints: { imageSize?: string };
  /** Whether several architectures are trained with them. */
  isSweep: boolean;
}) {
  const t = useTranslations("launch");
  return (
    <div className="flex flex-col gap-3">
      <datalist id="launch-image-sizes">
        {[32, 64, 96, 128, 160, 224].map((size) => (
          <option key={size} value={size} />
        ))}
      </datalist>
      <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-3">
        <NumberSetting field="epochs" form={form} />
        <NumberSetting field="batchSize" form={form} />
        <NumberSetting field="learningRate" form={form} />
        <NumberSetting field="imageSize" form={form} hint={hints.imageSize} suggestions="launch-image-sizes" />
        <NumberSetting
          field="evalEvery"
          form={form}
          label={form.settings.evalUnit === "STEP" ? t("evalEverySteps") : undefined}
        />
        <ChoiceSetting
          field="augmentation"
          form={form}
          hint={form.settings.augmentation ? undefined : t("recommended")}
        />
      </div>
      <AdvancedSettings form={form} isSweep={isSweep} />
    </div>
  );
}
