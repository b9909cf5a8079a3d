"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { DatasetCard } from "@/features/dataset/dataset-card";
import { RegisterDatasetDialog } from "@/features/dataset/register-dataset-dialog";
import { useDatasets } from "@/features/dataset/use-datasets";
import { useSession } from "@/features/frame/session";
import { PageTrail } from "@/lib/page-trail";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { PageHeader } from "@/ui/page";
import { SkeletonRows } from "@/ui/skeleton";

/** The image folders of the project: what is in them, and what was found wrong with them. */
export function DatasetsPage() {
  const t = useTranslations("dataset");
  const { project } = useSession();
  const { datasets, error, reload } = useDatasets(project.slug);
  const [isRegistering, setRegistering] = useState(false);
  const register = (
    <Button look="primary" icon="plus" onClick={() => setRegistering(true)}>
      {t("register")}
    </Button>
  );
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("title") }]} />
      <PageHeader title={t("title")} actions={register}>
        {t("explanation")}
      </PageHeader>
      {error && <ErrorState error={error} onRetry={reload} />}
      {!datasets && !error && <SkeletonRows rows={3} height={96} />}
      {datasets?.length === 0 && (
        <EmptyState title={t("none")} action={register}>
          {t("noneHint")}
        </EmptyState>
      )}
      {datasets?.map((dataset) => (
        <DatasetCard key={dataset.id} dataset={dataset} onChanged={reload} />
      ))}
      {isRegistering && <RegisterDatasetDialog onClose={() => setRegistering(false)} onRegistered={reload} />}
    </>
  );
}
