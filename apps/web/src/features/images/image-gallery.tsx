"use client";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useRef, useState } from "react";
import { gridMove } from "@/features/images/grid-move";
import { ImageDialog } from "@/features/images/image-dialog";
import { ImageTile } from "@/features/images/image-tile";
import { type JudgedImage, useImageWords } from "@/features/images/image-words";
import { Pager } from "@/features/images/pager";
import type { JudgedImagePageFragment } from "@/gql/graphql";
import { useSay } from "@/lib/say";

export const imagesOfPage = 24;

/** A page of judged images. One tile is in the order of the tabs; arrow keys lead to the others, Enter opens one. */
export function ImageGallery({
  label,
  images,
  page,
  onPage,
  isLoading,
  nameOf,
  empty,
}: {
  label: string;
  images: JudgedImagePageFragment;
  /** From 0. */
  page: number;
  onPage: (page: number) => void;
  /** Whether the images are still those of another page. */
  isLoading: boolean;
  nameOf: (run: string) => string;
  /** Said where there is none. */
  empty: string;
}) {
  const t = useTranslations("images");
  const say = useSay();
  const words = useImageWords(nameOf);
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState(0);
  const [open, setOpen] = useState<JudgedImage | null>(null);
  const { nodes, total, picturesMissing } = images;
  const tabbed = Math.min(current, nodes.length - 1);

  const move = (event: KeyboardEvent<HTMLUListElement>) => {
    const tiles = [...(list.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
    const from = tiles.indexOf(document.activeElement as HTMLButtonElement);
    const places = tiles.map(({ offsetLeft, offsetTop }) => ({ left: offsetLeft, top: offsetTop }));
    const to = gridMove(event.key, from, places);
    if (to === null) return;
    event.preventDefault();
    setCurrent(to);
    tiles[to]?.focus();
  };

  if (total === 0) return <p className="text-ink-3">{empty}</p>;
  return (
    <div className="flex flex-col gap-2">
      {picturesMissing && <p className="max-w-3xl text-ink-3">{say(picturesMissing)}</p>}
      <ul
        ref={list}
        aria-label={label}
        onKeyDown={move}
        aria-busy={isLoading}
        className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-2 aria-busy:opacity-50"
      >
        {nodes.map((image, position) => (
          <li key={image.index} className="min-w-0">
            <ImageTile
              image={image}
              words={words}
              nameOf={nameOf}
              isTabbed={position === tabbed}
              onFocus={() => setCurrent(position)}
              onOpen={() => setOpen(image)}
            />
          </li>
        ))}
      </ul>
      <Pager label={label} page={page} pageSize={imagesOfPage} total={total} onPage={onPage} />
      <p className="text-xs text-ink-3" data-print="hide">
        {t("keys")}
      </p>
      {open && (
        <ImageDialog
          image={open}
          images={nodes}
          words={words}
          nameOf={nameOf}
          onImage={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}
