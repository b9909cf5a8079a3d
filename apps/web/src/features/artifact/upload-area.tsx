"use client";
import { useTranslations } from "next-intl";
import { type DragEvent, useRef, useState } from "react";
import { type OngoingUpload, removeUpload, startUploads, useUploads } from "@/features/artifact/use-uploads";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { IconButton } from "@/ui/icon-button";
import { ProgressBar } from "@/ui/progress-bar";

/** Takes files by a button or from wherever they are dragged, and shows how far each is. */
export function UploadArea({ run }: { run: string }) {
  const t = useTranslations("artifact");
  const uploads = useUploads().ongoing.filter((upload) => upload.run === run);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    startUploads(run, [...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is a second way to what the button does
    <div
      className={cx(
        "flex flex-col gap-3 rounded border border-dashed p-3 transition-colors",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong",
      )}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button icon="plus" onClick={() => input.current?.click()}>
          {t("choose")}
        </Button>
        <span className="text-ink-3">{t("drop")}</span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("choose")}
          onChange={(event) => {
            startUploads(run, [...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      {uploads.length > 0 && (
        <ul className="flex flex-col gap-2" aria-live="polite">
          {uploads.map((upload) => (
            <UploadItem key={upload.id} upload={upload} onRemove={() => removeUpload(upload.id)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function UploadItem({ upload, onRemove }: { upload: OngoingUpload; onRemove: () => void }) {
  const t = useTranslations("artifact");
  const format = useFormat();
  const { name, progress, problem } = upload;
  const percent = format.decimal(100 * progress.share, 0);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <bdi className="min-w-0 flex-1 basis-40 break-all">{name}</bdi>
      {problem === null ? (
        <span className="flex basis-48 items-center gap-2 text-ink-2">
          <span className="whitespace-nowrap tabular-nums">{t(progress.phase, { percent })}</span>
          <ProgressBar share={progress.share} label={t("progressOf", { name })} />
        </span>
      ) : (
        <span className="min-w-0 basis-64 text-bad">{problem === "UNREACHABLE" ? t("unreachable") : problem}</span>
      )}
      <IconButton icon="close" label={t(problem === null ? "giveUp" : "dismiss", { name })} onClick={onRemove} />
    </li>
  );
}
