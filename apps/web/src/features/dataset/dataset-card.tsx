"use client";
import { useTranslations } from "next-intl";
import { useMutation } from "urql";
import { ClassHistogram } from "@/features/dataset/class-histogram";
import { DatasetFindings } from "@/features/dataset/dataset-findings";
import { useLaunch } from "@/features/launch/use-launch";
import { type DatasetRowFragment, RescanDatasetDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ProgressBar } from "@/ui/progress-bar";
import { RelativeTime } from "@/ui/relative-time";

/** One dataset: its folder, its classes by split, its scan as it goes, and what the scan found. */
export function DatasetCard({ dataset, onChanged }: { dataset: DatasetRowFragment; onChanged: () => void }) {
  const t = useTranslations("dataset");
  const format = useFormat();
  const launch = useLaunch();
  const [, rescan] = useMutation(RescanDatasetDocument);
  const scan = async () => {
    const { error } = await rescan({ id: dataset.id });
    reportFailure(error);
    onChanged();
  };
  const { progress, split, status } = dataset;
  return (
    <section aria-label={dataset.name} className="flex flex-col gap-4 border-t px-4 py-4 md:px-6">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="flex flex-wrap items-center gap-2 text-base font-semibold">
            {dataset.name}
            <Chip tone={status === "FAILED" ? "bad" : status === "SCANNING" ? "accent" : "neutral"}>
              {t(`status.${status}`)}
            </Chip>
          </h2>
          <p className="font-mono text-xs break-all text-ink-3">{dataset.path}</p>
          {status === "READY" && (
            <p className="mt-1 text-ink-2">
              {t("summary", { images: format.count(dataset.imageCount), classes: dataset.classes.length })}
              {split &&
                ` · ${t("split", { train: format.count(split.train), val: format.count(split.val), test: format.count(split.test), seed: split.seed })}`}
            </p>
          )}
          {dataset.scannedAt && (
            <p className="text-xs text-ink-3">
              {t("scanned")} <RelativeTime at={dataset.scannedAt} />
              {dataset.contentHash && (
                <span title={dataset.contentHash}> · SHA-256 {dataset.contentHash.slice(0, 12)}…</span>
              )}
            </p>
          )}
        </div>
        <div className="flex gap-2">
          <Button icon="refresh" disabled={status === "SCANNING"} onClick={() => void scan()}>
            {t("rescan")}
          </Button>
          <Button icon="play" disabled={status === "FAILED"} onClick={() => launch.open({ dataset: dataset.id })}>
            {t("train")}
          </Button>
        </div>
      </div>
      {status === "FAILED" && (
        <p role="alert" className="text-bad">
          {dataset.error ?? t("status.FAILED")}
        </p>
      )}
      {status === "SCANNING" && (
        <div className="max-w-xl">
          <p className="tabular mb-1 text-ink-2" aria-live="polite">
            {progress && progress.steps > 0
              ? t("scanProgress", { done: format.count(progress.step), total: format.count(progress.steps) })
              : t("scanWaiting")}
          </p>
          <ProgressBar
            share={progress && progress.steps > 0 ? progress.step / progress.steps : null}
            label={t("status.SCANNING")}
          />
        </div>
      )}
      <div className="grid gap-6 lg:grid-cols-2">
        {dataset.classes.length > 0 && <ClassHistogram classes={dataset.classes} />}
        <DatasetFindings dataset={dataset} />
      </div>
    </section>
  );
}
