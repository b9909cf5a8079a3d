"use client";
import { useTranslations } from "next-intl";
import { useExperimentTrash } from "@/features/experiment/use-experiment-trash";
import type { TrashedExperimentsQuery } from "@/gql/graphql";
import { Button } from "@/ui/button";
import { RelativeTime } from "@/ui/relative-time";

type Experiment = NonNullable<TrashedExperimentsQuery["project"]>["experiments"]["nodes"][number];

/** Experiments that were thrown away; each comes back with the runs that went with it. */
export function TrashedExperiments({
  experiments,
  onChanged,
}: {
  experiments: readonly Experiment[];
  onChanged: () => void;
}) {
  const t = useTranslations("trash");
  const { restore } = useExperimentTrash(onChanged);
  return (
    <section aria-labelledby="trashed-experiments">
      <h2 id="trashed-experiments" className="px-4 pt-4 pb-2 font-medium md:px-6">
        {t("experiments")}
      </h2>
      <ul className="border-t">
        {experiments.map((experiment) => (
          <li key={experiment.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-2 md:px-6">
            <span className="min-w-0 flex-1 basis-48 truncate font-medium">{experiment.name}</span>
            <span className="w-32 text-ink-3">
              {experiment.trashedAt && <RelativeTime at={experiment.trashedAt} />}
            </span>
            <Button
              icon="undo"
              aria-label={t("restoreNamed", { name: experiment.name })}
              onClick={() => void restore(experiment)}
            >
              {t("restore")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
