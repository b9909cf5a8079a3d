"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { LaunchBody } from "@/features/launch/launch-body";
import type { LaunchPrefill } from "@/features/launch/use-launch";
import { LaunchGuidesDocument, LaunchOptionsDocument } from "@/gql/graphql";
import { Dialog } from "@/ui/dialog";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

/** Starts a run, or a small sweep of architectures × seeds, with the guide's recommendation for the chosen images filled in and explained. */
export function LaunchDialog({ prefill, onClose }: { prefill: LaunchPrefill; onClose: () => void }) {
  const t = useTranslations("launch");
  const { project } = useSession();
  const [chosenDataset, setChosenDataset] = useState(prefill.dataset ?? null);
  const [options, refetch] = useQuery({
    query: LaunchOptionsDocument,
    variables: { project: project.slug },
    requestPolicy: "cache-and-network",
  });
  const datasets = options.data?.project?.datasets;
  const dataset = chosenDataset ?? datasets?.find(({ status }) => status === "READY")?.id ?? datasets?.[0]?.id ?? null;
  const [guides] = useQuery({
    query: LaunchGuidesDocument,
    variables: { dataset, project: project.slug },
    pause: !options.data,
  });

  if (options.data?.project) {
    return (
      <LaunchBody
        prefill={prefill}
        onClose={onClose}
        project={options.data.project}
        architectures={options.data.architectures}
        workers={options.data.workers}
        guides={guides.data}
        dataset={dataset}
        onDataset={setChosenDataset}
      />
    );
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")} width="wide">
      {options.error ? (
        <ErrorState error={options.error} onRetry={() => refetch({ requestPolicy: "network-only" })} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Dialog>
  );
}
