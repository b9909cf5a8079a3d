"use client";
import { useTranslations } from "next-intl";
import { Button } from "@/ui/button";
import { Skeleton } from "@/ui/skeleton";
import type { ScenePicture } from "./use-scene";

/** What lies over a chart that has no lines: a skeleton, a word that points will come, or a way to ask again. */
export function ChartState({ status, onRetry }: { status: ScenePicture["status"]; onRetry: () => void }) {
  const t = useTranslations("metrics");
  if (status === "ready") return null;
  if (status === "loading") return <Skeleton className="absolute inset-0" />;
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-1 bg-ground text-center">
      <span className="font-medium">{t(`state.${status}`)}</span>
      {status === "empty" ? (
        <span className="text-ink-3">{t("state.emptyHint")}</span>
      ) : (
        <Button icon="refresh" onClick={onRetry}>
          {t("state.retry")}
        </Button>
      )}
    </div>
  );
}
