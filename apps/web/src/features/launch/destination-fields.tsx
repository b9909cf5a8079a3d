"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ClassHistogram } from "@/features/dataset/class-histogram";
import type { LaunchOptionsQuery } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Field, Input, Select } from "@/ui/field";

type Project = NonNullable<LaunchOptionsQuery["project"]>;

/** The images to train on, and the experiment to which the runs belong (an empty id: a new one of that name). */
export function DestinationFields({
  project,
  dataset,
  onDataset,
  experiment,
  onExperiment,
  newExperiment,
  onNewExperiment,
}: {
  project: Project;
  dataset: string | null;
  onDataset: (id: string) => void;
  experiment: string;
  onExperiment: (id: string) => void;
  newExperiment: string;
  onNewExperiment: (name: string) => void;
}) {
  const t = useTranslations("launch");
  const format = useFormat();
  const chosen = project.datasets.find(({ id }) => id === dataset);
  return (
    <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
      <div className="flex flex-col gap-2">
        <Field
          label={t("dataset")}
          hint={
            chosen?.split
              ? t("datasetHint", {
                  images: format.count(chosen.imageCount),
                  classes: chosen.classes.length,
                  train: format.count(chosen.split.train),
                  val: format.count(chosen.split.val),
                })
              : chosen && t(`datasetStatus.${chosen.status}`)
          }
        >
          {(control) => (
            <Select {...control} value={dataset ?? ""} onChange={(event) => onDataset(event.target.value)}>
              {project.datasets.length === 0 && <option value="">{t("noDataset")}</option>}
              {project.datasets.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {project.datasets.length === 0 && (
          <Link href="/datasets" className="text-accent hover:underline">
            {t("registerDataset")}
          </Link>
        )}
        {chosen && chosen.classes.length > 0 && (
          <details>
            <summary className="text-sm text-accent">{t("showClasses")}</summary>
            <div className="mt-2">
              <ClassHistogram classes={chosen.classes} limit={20} />
            </div>
          </details>
        )}
      </div>
      <div className="flex flex-col gap-2">
        <Field label={t("experiment")}>
          {(control) => (
            <Select {...control} value={experiment} onChange={(event) => onExperiment(event.target.value)}>
              {project.experiments.nodes.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              <option value="">{t("newExperiment")}</option>
            </Select>
          )}
        </Field>
        {experiment === "" && (
          <Field label={t("newExperimentName")}>
            {(control) => (
              <Input {...control} value={newExperiment} onChange={(event) => onNewExperiment(event.target.value)} />
            )}
          </Field>
        )}
      </div>
    </div>
  );
}
