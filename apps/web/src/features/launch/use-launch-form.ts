"use client";
import { useMemo, useState } from "react";
import { launchConfig, launchProblems, settingsOf, typedSeeds } from "@/features/launch/launch-form";
import { totalCost } from "@/features/launch/total-cost";
import type { LaunchPrefill } from "@/features/launch/use-launch";
import { usePreflights } from "@/features/launch/use-preflights";
import type { ArchitectureId, LaunchGuidesQuery, LaunchOptionsQuery } from "@/gql/graphql";

type Project = NonNullable<LaunchOptionsQuery["project"]>;

/** The state of the launch dialog, and what follows from it: configs, problems, preflights. */
export function useLaunchForm(options: {
  prefill: LaunchPrefill;
  project: Project;
  architectures: LaunchOptionsQuery["architectures"];
  guides: LaunchGuidesQuery | undefined;
  dataset: string | null;
}) {
  const { prefill, project, architectures, guides, dataset } = options;
  const [experiment, setExperiment] = useState(prefill.experiment ?? project.experiments.nodes[0]?.id ?? "");
  const [newExperiment, setNewExperiment] = useState("");
  const [chosen, setChosen] = useState<ArchitectureId[]>([prefill.config?.architecture ?? "resnet18"]);
  const [settings, setSettings] = useState(() => settingsOf(prefill.config ?? {}));
  const [seedsText, setSeedsText] = useState(String(prefill.config?.seed ?? 0));

  const seeds = typedSeeds(seedsText);
  // Runs of one experiment are compared: a new one starts at the resolution of the others.
  const imageSizeOfExperiment = imageSizeOf(project.experiments.nodes.find(({ id }) => id === experiment));
  const configs = useMemo(
    () =>
      guides
        ? architectures.map(({ id, bounds }) =>
            launchConfig(id, settings, guides[id].recommended, imageSizeOfExperiment ?? bounds.imageSize.default),
          )
        : [],
    [architectures, guides, settings, imageSizeOfExperiment],
  );
  const chosenConfigs = configs.filter(({ architecture }) => chosen.includes(architecture));
  const problems = launchProblems(chosenConfigs);
  const valid = configs.filter((config) => launchProblems([config]).size === 0);
  const preflights = usePreflights(valid, dataset);
  const seconds = chosenConfigs.map(({ architecture }) => preflights.get(architecture)?.seconds ?? null);
  const costs = chosenConfigs.map(({ architecture }) => preflights.get(architecture)?.cost ?? null);
  return {
    experiment,
    setExperiment,
    newExperiment,
    setNewExperiment,
    chosen,
    setChosen,
    settings,
    setSettings,
    seedsText,
    setSeedsText,
    seeds,
    imageSizeOfExperiment,
    chosenConfigs,
    problems,
    preflights,
    runCount: chosenConfigs.length * (seeds?.length ?? 0),
    /** Of all runs one after the other; null while one of them is unknown. */
    totalSeconds: seconds.every((value) => value !== null)
      ? seconds.reduce((sum, value) => sum + (value ?? 0), 0) * (seeds?.length ?? 0)
      : null,
    /** Of the same; null while the cost of one of them is unknown. */
    totalCost: totalCost(costs, seeds?.length ?? 0),
    canStart:
      dataset !== null &&
      chosenConfigs.length > 0 &&
      problems.size === 0 &&
      seeds !== null &&
      (experiment !== "" || newExperiment.trim() !== ""),
  };
}

function imageSizeOf(experiment: Project["experiments"]["nodes"][number] | undefined): number | null {
  const config = experiment?.runs.nodes[0]?.config;
  if (typeof config !== "object" || config === null || !("imageSize" in config)) return null;
  return typeof config.imageSize === "number" ? config.imageSize : null;
}
