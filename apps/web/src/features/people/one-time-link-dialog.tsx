"use client";
import { useTranslations } from "next-intl";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";

/** Shows a link whose secret is shown this once. */
export function OneTimeLinkDialog({
  title,
  hint,
  path,
  onClose,
}: {
  title: string;
  hint: string;
  path: string;
  onClose: () => void;
}) {
  const t = useTranslations("people");
  const url = `${window.location.origin}${path}`;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} width="narrow">
      <div className="flex flex-col gap-3">
        <p>{hint}</p>
        <code className="rounded border bg-panel p-2 text-xs break-all">{url}</code>
        <div className="flex justify-end gap-2">
          <CopyButton text={url} look="primary" />
          <Button onClick={onClose}>{t("done")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
