"use client";
import { printText } from "@residual/shared";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { places } from "@/features/frame/places";
import { useOptionalSession } from "@/features/frame/session";
import { useLanguageSwitch } from "@/features/frame/use-language-switch";
import { useThemeSwitch } from "@/features/frame/use-theme-switch";
import { useLaunch } from "@/features/launch/use-launch";
import { usePageActions } from "@/features/palette/page-actions";
import { PaletteOptionsDocument, PaletteSearchDocument } from "@/gql/graphql";
import type { IconName } from "@/ui/icon";

/** One line of the palette. keywords: words under which it is found too, in both languages. */
export interface PaletteEntry {
  key: string;
  group: "actions" | "runs" | "experiments" | "pages";
  label: string;
  detail?: string;
  keywords: string;
  icon: IconName;
  run: () => void;
}

const searchPauseMs = 120;

/** Everything that the palette offers for what is typed: pages and actions at once, runs as the server finds them. */
export function usePaletteEntries(text: string): PaletteEntry[] {
  const t = useTranslations("palette");
  const tFrame = useTranslations("frame");
  const router = useRouter();
  const launch = useLaunch();
  const theme = useThemeSwitch();
  const language = useLanguageSwitch();
  const pageActions = usePageActions();
  const project = useOptionalSession()?.project.slug ?? "";
  const [searched, setSearched] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSearched(text.trim()), searchPauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  const [options] = useQuery({ query: PaletteOptionsDocument, variables: { project }, pause: project === "" });
  const [found] = useQuery({
    query: PaletteSearchDocument,
    variables: { project, filter: searched === "" ? "" : `name ~ ${printText(searched)}` },
    pause: project === "",
    requestPolicy: "cache-and-network",
  });

  const entries: PaletteEntry[] = pageActions.map(({ key, label, run }) => ({
    key: `page-action ${key}`,
    group: "actions",
    label,
    keywords: "",
    icon: "play",
    run,
  }));
  const dataset =
    options.data?.project?.datasets.find(({ status }) => status === "READY") ?? options.data?.project?.datasets[0];
  for (const { id, name } of options.data?.architectures ?? []) {
    entries.push({
      key: `train ${id}`,
      group: "actions",
      label: dataset ? t("trainOn", { architecture: name, dataset: dataset.name }) : t("train", { architecture: name }),
      keywords: t("keywords.train"),
      icon: "plus",
      run: () => launch.open({ dataset: dataset?.id, config: { architecture: id } }),
    });
  }
  entries.push(
    {
      key: "theme",
      group: "actions",
      label: tFrame(theme.isDark ? "toDay" : "toNight"),
      keywords: t("keywords.theme"),
      icon: theme.isDark ? "sun" : "moon",
      run: theme.toggle,
    },
    {
      key: "language",
      group: "actions",
      label: tFrame("switchLanguage"),
      keywords: t("keywords.language"),
      icon: "language",
      run: language.toggle,
    },
  );
  for (const { id, name, status, architecture, experiment } of found.data?.runs.nodes ?? []) {
    entries.push({
      key: id,
      group: "runs",
      label: name,
      detail: experiment.name,
      keywords: `${architecture?.name ?? ""} ${status} ${experiment.name}`,
      icon: "run",
      run: () => router.push(`/runs/${id}`),
    });
  }
  for (const { id, name, question } of options.data?.project?.experiments.nodes ?? []) {
    entries.push({
      key: id,
      group: "experiments",
      label: name,
      keywords: question,
      icon: "experiment",
      run: () => router.push(`/p/${project}/e/${id}`),
    });
  }
  for (const place of places) {
    entries.push({
      key: `page ${place.key}`,
      group: "pages",
      label: tFrame(`place.${place.key}`),
      keywords: t(`keywords.${place.key}`),
      icon: place.icon,
      run: () => router.push(place.href),
    });
  }
  return entries;
}
