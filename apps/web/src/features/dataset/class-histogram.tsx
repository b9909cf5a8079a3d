"use client";
import { useTranslations } from "next-intl";
import { useFormat } from "@/lib/use-format";

interface ClassCount {
  name: string;
  images: number;
  train: number;
  val: number;
  test: number;
}

/** Images of each class as bars, stacked by split: train full, val lighter, test lightest. The words beside say the same. */
export function ClassHistogram({ classes, limit = 40 }: { classes: readonly ClassCount[]; limit?: number }) {
  const t = useTranslations("dataset");
  const format = useFormat();
  const most = Math.max(1, ...classes.map(({ images }) => images));
  const shown = classes.slice(0, limit);
  return (
    <div>
      <ul
        className="grid grid-cols-[minmax(64px,auto)_1fr_auto] items-center gap-x-3 gap-y-1"
        aria-label={t("classes")}
      >
        {shown.map((one) => (
          <li key={one.name} className="contents">
            <span className="max-w-40 truncate text-ink-2" title={one.name}>
              {one.name}
            </span>
            <svg width="100%" height="10" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(one.train / most) * 100} height="10" fill="var(--accent)" />
              <rect
                x={(one.train / most) * 100}
                width={(one.val / most) * 100}
                height="10"
                fill="var(--accent)"
                opacity="0.55"
              />
              <rect
                x={((one.train + one.val) / most) * 100}
                width={(one.test / most) * 100}
                height="10"
                fill="var(--accent)"
                opacity="0.25"
              />
            </svg>
            <span
              className="tabular text-right text-ink-2"
              title={t("splitOfClass", {
                train: format.count(one.train),
                val: format.count(one.val),
                test: format.count(one.test),
              })}
            >
              {format.count(one.images)}
            </span>
          </li>
        ))}
      </ul>
      {classes.length > shown.length && (
        <p className="mt-1 text-xs text-ink-3">{t("moreClasses", { count: classes.length - shown.length })}</p>
      )}
      <p className="mt-2 flex gap-3 text-xs text-ink-3" aria-hidden="true">
        {(["train", "val", "test"] as const).map((split, index) => (
          <span key={split} className="flex items-center gap-1">
            <span className="size-2.5 bg-accent" style={{ opacity: [1, 0.55, 0.25][index] }} />
            {split}
          </span>
        ))}
      </p>
    </div>
  );
}
