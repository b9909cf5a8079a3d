"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { pageFile } from "@/features/share/page-file";
import { fileName, saveFile } from "@/lib/save-file";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";

/** Saves what is on the page as one file: for those whom no link reaches, and for when the server is gone. */
export function SavePage({ name }: { name: string }) {
  const t = useTranslations("share.file");
  const format = useFormat();
  const [failed, setFailed] = useState(false);
  const save = async () => {
    try {
      const note = t("note", { name, moment: format.moment(Date.now()) });
      saveFile(fileName(name, "html"), await pageFile(document, note));
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <div className="flex flex-col items-start gap-1 border-t pt-3">
      <Button icon="download" onClick={() => void save()}>
        {t("save")}
      </Button>
      <p className="text-xs text-ink-3">{t("hint")}</p>
      <p aria-live="polite" className="text-xs text-bad">
        {failed && t("failed")}
      </p>
    </div>
  );
}
