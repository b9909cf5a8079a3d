"use client";
import { architectureName, guidePresets } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useLaunch } from "@/features/launch/use-launch";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { FactList } from "@/ui/fact-list";

/** The guide's use cases; each opens the launch form with its settings. */
export function PresetCards() {
  const t = useTranslations("models.preset");
  const say = useSay();
  const format = useFormat();
  const launch = useLaunch();
  return (
    <div className="grid gap-6 lg:grid-cols-3">
      {guidePresets.map((preset) => (
        <article key={preset.id} className="flex flex-col gap-2 border-l pl-4">
          <h3 className="font-semibold">{say(preset.name)}</h3>
          <p>{say(preset.scenario)}</p>
          <p className="text-ink-2">{say(preset.why)}</p>
          <FactList
            columnWidth={110}
            facts={[
              { label: t("architecture"), value: architectureName(preset.config.architecture) },
              { label: t("images"), value: format.count(preset.images) },
              { label: t("batchSize"), value: preset.config.batchSize },
              { label: t("epochs"), value: preset.config.epochs },
              { label: t("learningRate"), value: format.number(preset.config.learningRate) },
            ]}
          />
          <p className="text-ink-3">{say(preset.expected)}</p>
          <div>
            <Button icon="play" onClick={() => launch.open({ config: preset.config })}>
              {t("train")}
            </Button>
          </div>
        </article>
      ))}
    </div>
  );
}
