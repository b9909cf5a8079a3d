"use client";
import { useTranslations } from "next-intl";
import type { LaunchPrefill } from "@/features/launch/use-launch";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/skeleton";

/** Starts a run or a small sweep. */
export function LaunchDialog({ onClose }: { prefill: LaunchPrefill; onClose: () => void }) {
  const t = useTranslations("launch");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")} width="wide">
      <SkeletonRows rows={6} />
    </Dialog>
  );
}
