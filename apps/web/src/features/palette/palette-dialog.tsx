"use client";
import { useTranslations } from "next-intl";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/skeleton";

/** Search and actions by keyboard. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("palette");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")}>
      <SkeletonRows rows={6} />
    </Dialog>
  );
}
