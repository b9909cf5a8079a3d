"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMutation } from "urql";
import { useSession } from "@/features/frame/session";
import { CreateExperimentDocument, StartSweepDocument, type TrainingConfigInput } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { showToast } from "@/lib/toast";

/** Starts the runs of a sweep, in a new experiment where none is given, and shows them. */
export function useStartSweep(onStarted: () => void) {
  const t = useTranslations("launch");
  const router = useRouter();
  const { project } = useSession();
  const [, createExperiment] = useMutation(CreateExperimentDocument);
  const [{ fetching }, startSweep] = useMutation(StartSweepDocument);
  const [problem, setProblem] = useState<string | null>(null);

  const run = async (sweep: {
    experiment: string;
    newExperiment: string;
    dataset: string;
    configs: TrainingConfigInput[];
    seeds: number[];
    keepOneIn: number | null;
  }) => {
    setProblem(null);
    let { experiment } = sweep;
    if (experiment === "") {
      const created = await createExperiment({ input: { project: project.slug, name: sweep.newExperiment } });
      if (!created.data) return setProblem(created.error ? apiError(created.error).message : null);
      experiment = created.data.createExperiment.id;
    }
    const { configs, seeds, dataset, keepOneIn } = sweep;
    const { data, error } = await startSweep({ input: { experiment, dataset, configs, seeds, keepOneIn } });
    if (!data) return setProblem(error ? apiError(error).message : null);
    showToast(t("started", { count: data.startSweep.length }));
    onStarted();
    router.push(`/p/${project.slug}/e/${experiment}`);
  };
  return { run, problem, isRunning: fetching };
}
