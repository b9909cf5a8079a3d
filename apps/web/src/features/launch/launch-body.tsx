"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ArchitectureCards } from "@/features/launch/architecture-cards";
import { DestinationFields } from "@/features/launch/destination-fields";
import { GuideNotes } from "@/features/launch/guide-notes";
import { HalvingField, sweepCost } from "@/features/launch/halving-field";
import { settingsOf, usualValue } from "@/features/launch/launch-form";
import { PreflightSummary } from "@/features/launch/preflight-summary";
import { PresetButtons } from "@/features/launch/preset-buttons";
import type { SettingsForm } from "@/features/launch/setting-control";
import { SettingFields } from "@/features/launch/setting-fields";
import type { LaunchPrefill } from "@/features/launch/use-launch";
import { useLaunchForm } from "@/features/launch/use-launch-form";
import { useStartSweep } from "@/features/launch/use-start-sweep";
import type { LaunchGuidesQuery, LaunchOptionsQuery } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";

export function LaunchBody({
  prefill,
  onClose,
  project,
  architectures,
  workers,
  guides,
  dataset,
  onDataset,
}: {
  prefill: LaunchPrefill;
  onClose: () => void;
  project: NonNullable<LaunchOptionsQuery["project"]>;
  architectures: LaunchOptionsQuery["architectures"];
  workers: LaunchOptionsQuery["workers"];
  guides: LaunchGuidesQuery | undefined;
  dataset: string | null;
  onDataset: (id: string) => void;
}) {
  const t = useTranslations("launch");
  const format = useFormat();
  const form = useLaunchForm({ prefill, project, architectures, guides, dataset });
  const start = useStartSweep(onClose);
  const first = form.chosen[0];
  const guide = first && guides?.[first];
  const imageSize = form.imageSizeOfExperiment ?? boundsOf(architectures, first) ?? 224;
  const usual: SettingsForm["usual"] =
    guide && ((field) => usualValue(field, first, form.settings, guide.recommended, imageSize));
  const hints = form.imageSizeOfExperiment === null ? {} : { imageSize: t("imageSizeOfExperiment") };
  const [keepOneIn, setKeepOneIn] = useState<number | null>(null);
  const sweepKeeps = form.chosen.length > 1 ? keepOneIn : null;
  const sweepShare = sweepCost(form.chosen.length, sweepKeeps);
  const isWorkerThere = workers.some(({ online }) => online);

  const submit = () => {
    if (!form.canStart || dataset === null || form.seeds === null) return;
    void start.run({
      experiment: form.experiment,
      newExperiment: form.newExperiment.trim(),
      dataset,
      configs: form.chosenConfigs,
      seeds: form.seeds,
      keepOneIn: sweepKeeps,
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("title")}
      width="wide"
      footer={
        <>
          <span className="mr-auto text-ink-2" role="status">
            {start.problem ? (
              <span className="text-bad">{start.problem}</span>
            ) : !isWorkerThere ? (
              <span className="text-warn">{t("noWorker")}</span>
            ) : (
              form.totalSeconds !== null &&
              form.runCount > 0 &&
              t(form.totalCost ? "totalWithCost" : "total", {
                time: format.duration(form.totalSeconds * sweepShare),
                cost: form.totalCost
                  ? format.money({ ...form.totalCost, amount: form.totalCost.amount * sweepShare })
                  : "",
              })
            )}
          </span>
          <Button look="quiet" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button look="primary" icon="play" disabled={!form.canStart || start.isRunning} onClick={submit}>
            {t("start", { count: form.runCount })}
          </Button>
        </>
      }
    >
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_280px]">
        <div className="flex min-w-0 flex-col gap-5">
          <PresetButtons
            onPreset={(config) => {
              form.setChosen([config.architecture]);
              form.setSettings(settingsOf(config));
            }}
          />
          <ArchitectureCards
            architectures={architectures}
            chosen={form.chosen}
            onChosen={form.setChosen}
            preflights={form.preflights}
          />
          <DestinationFields
            project={project}
            dataset={dataset}
            onDataset={onDataset}
            experiment={form.experiment}
            onExperiment={form.setExperiment}
            newExperiment={form.newExperiment}
            onNewExperiment={form.setNewExperiment}
          />
          <SettingFields
            form={{ settings: form.settings, onSettings: form.setSettings, usual, problems: form.problems }}
            hints={hints}
            isSweep={form.chosen.length > 1}
          />
          {form.chosen.length > 1 && (
            <HalvingField configs={form.chosen.length} keepOneIn={keepOneIn} onKeepOneIn={setKeepOneIn} />
          )}
          <Field
            label={t("seeds")}
            hint={t("seedsHint")}
            error={form.seeds === null ? t("seedsWrong") : null}
            className="max-w-72"
          >
            {(control) => (
              <Input {...control} value={form.seedsText} onChange={(event) => form.setSeedsText(event.target.value)} />
            )}
          </Field>
        </div>
        <aside aria-label={t("advice")} className="flex min-w-0 flex-col gap-5 text-sm lg:border-l lg:pl-5">
          {form.chosenConfigs.map(({ architecture }) => {
            const preflight = form.preflights.get(architecture);
            const name = architectures.find(({ id }) => id === architecture)?.name ?? architecture;
            return preflight ? (
              <PreflightSummary key={architecture} name={name} preflight={preflight} />
            ) : (
              <Skeleton key={architecture} className="h-28 w-full" />
            );
          })}
          {guide && <GuideNotes guide={guide} />}
        </aside>
      </div>
    </Dialog>
  );
}

function boundsOf(architectures: LaunchOptionsQuery["architectures"], id: string | undefined): number | undefined {
  return architectures.find((architecture) => architecture.id === id)?.bounds.imageSize.default;
}
