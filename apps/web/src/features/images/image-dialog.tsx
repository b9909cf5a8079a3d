"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { JudgedImage, useImageWords } from "@/features/images/image-words";
import { Picture } from "@/features/images/picture";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";

/** An image close up, with each run's answer; arrow keys lead to the next image of the page. */
export function ImageDialog({
  image,
  images,
  words,
  nameOf,
  onImage,
  onClose,
}: {
  image: JudgedImage;
  images: readonly JudgedImage[];
  words: ReturnType<typeof useImageWords>;
  nameOf: (run: string) => string;
  onImage: (image: JudgedImage) => void;
  onClose: () => void;
}) {
  const t = useTranslations("images");
  const format = useFormat();
  const position = images.findIndex(({ index }) => index === image.index);
  const [before, after] = [images[position - 1], images[position + 1]];
  // On the window: the dialog gives the focus to its own buttons.
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      const next = key === "ArrowLeft" ? before : key === "ArrowRight" ? after : undefined;
      if (next) onImage(next);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [before, after, onImage]);
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("image", { number: format.count(image.index + 1) })}
      footer={
        <>
          <Button disabled={!before} onClick={() => before && onImage(before)}>
            {t("before")}
          </Button>
          <Button disabled={!after} onClick={() => after && onImage(after)}>
            {t("after")}
          </Button>
        </>
      }
    >
      <div className="flex flex-wrap gap-4">
        <Picture key={image.index} address={image.picture} alt={words.alt(image)} isLarge />
        <dl className="flex min-w-0 flex-col gap-2 text-sm">
          <div>
            <dt className="text-xs text-ink-3">{t("truth")}</dt>
            <dd className="font-medium">{words.truth(image)}</dd>
          </div>
          {image.predictions.map((prediction) => (
            <div key={prediction.run}>
              <dt className="text-xs text-ink-3">{nameOf(prediction.run) || t("takenFilter")}</dt>
              <dd className={cx("flex items-center gap-1", !prediction.isRight && "text-bad")}>
                {words.answer(prediction)}
                <span className="text-xs">{t(prediction.isRight ? "right" : "wrong")}</span>
              </dd>
            </div>
          ))}
          {image.file !== null && (
            <div className="min-w-0">
              <dt className="text-xs text-ink-3">{t("file")}</dt>
              <dd className="flex items-center gap-1 break-all">
                {image.file}
                <CopyButton text={image.file} label={t("copy")} />
              </dd>
            </div>
          )}
        </dl>
      </div>
    </Dialog>
  );
}
