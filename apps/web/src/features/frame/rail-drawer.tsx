"use client";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { RailContent } from "@/features/frame/rail-content";

/** The navigation on a narrow screen: slides over the page until a place is chosen. */
export function RailDrawer({ onClose }: { onClose: () => void }) {
  const t = useTranslations("frame");
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[oklch(0.1_0_0/0.4)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-64 flex-col border-r bg-panel shadow-dialog outline-none"
        >
          <Dialog.Title className="sr-only">{t("navigation")}</Dialog.Title>
          <RailContent isNarrow={false} onNavigate={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
