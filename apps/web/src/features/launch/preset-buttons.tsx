"use client";
import { type GuidePreset, guidePresets } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useSay } from "@/lib/say";
import { Button } from "@/ui/button";

/** The guide's use cases as settings to start from. */
export function PresetButtons({ onPreset }: { onPreset: (config: GuidePreset["config"]) => void }) {
  const t = useTranslations("launch");
  const say = useSay();
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="float-left pt-1.5 text-xs font-medium text-ink-2">{t("presets")}</legend>
      {guidePresets.map((preset) => (
        <Button
          key={preset.id}
          onClick={() => onPreset(preset.config)}
          title={`${say(preset.scenario)} ${say(preset.why)} ${say(preset.expected)}`}
        >
          {say(preset.name)}
        </Button>
      ))}
    </fieldset>
  );
}
