"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cx } from "@/ui/class-names";

/** Below this many pixels a picture is shown as the squares that it is made of, not as a blur. */
const fewPixels = 64;

/** A picture of an image, or why there is none, in a square of its own. */
export function Picture({ address, alt, isLarge }: { address: string | null; alt: string; isLarge?: boolean }) {
  const t = useTranslations("images");
  const [reason, setReason] = useState<string | null>(null);
  const [isSmall, setSmall] = useState(false);
  const square = cx(
    "flex aspect-square w-full items-center justify-center overflow-hidden bg-panel",
    isLarge && "max-w-72",
  );
  if (address === null || reason !== null)
    return (
      <span className={cx(square, "p-2 text-center text-xs text-ink-3")}>
        <span className="sr-only">{alt}. </span>
        <span className={isLarge ? undefined : "line-clamp-4"}>{reason ?? t("noPicture")}</span>
      </span>
    );
  return (
    <span className={square}>
      {/* biome-ignore lint/performance/noImgElement: it is a small WebP of the API's already */}
      <img
        src={address}
        alt={alt}
        loading="lazy"
        decoding="async"
        className="size-full object-contain"
        style={isSmall ? { imageRendering: "pixelated" } : undefined}
        onLoad={({ currentTarget }) => setSmall(currentTarget.naturalWidth < fewPixels)}
        onError={() => void whyNot(address).then((why) => setReason(why ?? t("noPicture")))}
      />
    </span>
  );
}

/** What the API says instead of the picture. */
async function whyNot(address: string): Promise<string | null> {
  try {
    const answer = (await (await fetch(address)).json()) as { errors?: { message?: string }[] };
    return answer.errors?.[0]?.message ?? null;
  } catch {
    return null;
  }
}
