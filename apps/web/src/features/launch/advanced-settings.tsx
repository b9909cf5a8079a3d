"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type AdvancedField, advancedGroups } from "@/features/launch/advanced-fields";
import { SettingControl, type SettingsForm } from "@/features/launch/setting-control";
import { Checkbox } from "@/ui/field";

const groups = Object.entries(advancedGroups) as [keyof typeof advancedGroups, readonly AdvancedField[]][];
const fields = groups.flatMap(([, members]) => members);

/** Everything beyond the guide's parameters, by what it is about. It opens by itself over a setting that is wrong. */
export function AdvancedSettings({ form, isSweep }: { form: SettingsForm; isSweep: boolean }) {
  const t = useTranslations("launch");
  const [isOpen, setOpen] = useState(false);
  const { settings, onSettings, problems } = form;
  const isWrong = fields.some((field) => problems.has(field));
  const source = settings.initialWeights?.trim() ?? "AUTO";
  const isOneCheckpoint = isSweep && source !== "" && source !== "AUTO" && source !== "RANDOM";
  return (
    <details open={isOpen || isWrong} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="text-sm text-accent">{t("advanced")}</summary>
      <div className="mt-3 flex flex-col gap-5">
        <div>
          <Checkbox
            label={t("beyondGuide")}
            aria-describedby="launch-beyond-guide"
            checked={settings.beyondGuide ?? false}
            onChange={({ target }) => onSettings({ ...settings, beyondGuide: target.checked || undefined })}
          />
          <p id="launch-beyond-guide" className="mt-0.5 ml-6 text-xs text-ink-3">
            {t("hint.beyondGuide")}
          </p>
        </div>
        {groups.map(([group, members]) => (
          <fieldset key={group}>
            <legend className="mb-2 text-sm font-medium">{t(`group.${group}`)}</legend>
            <div className="grid grid-cols-1 items-start gap-3 min-[420px]:grid-cols-2 sm:grid-cols-3">
              {members.map((field) => (
                <SettingControl
                  key={field}
                  field={field}
                  form={form}
                  hint={field === "initialWeights" && isOneCheckpoint ? t("oneCheckpoint") : undefined}
                />
              ))}
            </div>
          </fieldset>
        ))}
      </div>
    </details>
  );
}
