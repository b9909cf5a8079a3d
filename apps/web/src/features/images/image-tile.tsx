"use client";
import type { JudgedImage, useImageWords } from "@/features/images/image-words";
import { Picture } from "@/features/images/picture";
import { runColor } from "@/lib/run-color";
import { cx } from "@/ui/class-names";
import { Icon } from "@/ui/icon";

/** One image: the picture, what it is, and what each run took it for. */
export function ImageTile({
  image,
  words,
  nameOf,
  isTabbed,
  onFocus,
  onOpen,
}: {
  image: JudgedImage;
  words: ReturnType<typeof useImageWords>;
  nameOf: (run: string) => string;
  isTabbed: boolean;
  onFocus: () => void;
  onOpen: () => void;
}) {
  const isCompared = image.predictions.length > 1;
  return (
    <button
      type="button"
      tabIndex={isTabbed ? 0 : -1}
      onFocus={onFocus}
      onClick={onOpen}
      className="flex w-full min-w-0 flex-col overflow-hidden rounded border bg-raised text-left text-xs hover:border-line-strong"
    >
      <Picture address={image.picture} alt={words.alt(image)} />
      <span className="flex w-full min-w-0 flex-col gap-0.5 px-1.5 py-1" aria-hidden="true">
        <span className="truncate font-medium">{words.truth(image)}</span>
        {image.predictions.map((prediction) => (
          <span key={prediction.run} className="flex min-w-0 items-center gap-1" title={nameOf(prediction.run)}>
            {isCompared && (
              <span className="size-2 shrink-0 rounded-full" style={{ background: runColor(prediction.run) }} />
            )}
            <span className={cx("min-w-0 break-words", prediction.isRight ? "text-ink-2" : "text-bad")}>
              {words.answer(prediction)}
            </span>
            {isCompared && prediction.isRight && <Icon name="check" className="size-3" />}
          </span>
        ))}
      </span>
    </button>
  );
}
