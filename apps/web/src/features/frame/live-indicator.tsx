"use client";
import { useTranslations } from "next-intl";
import { useLiveConnection } from "@/lib/live-connection";
import { useFormat } from "@/lib/use-format";
import { useNow } from "@/lib/use-now";
import { cx } from "@/ui/class-names";

const caughtUpShownMs = 10_000;

/** Whether live data flows: connected or reconnecting, and how old the newest point is. Says the state in words too. */
export function LiveIndicator() {
  const t = useTranslations("frame");
  const format = useFormat();
  const { state, lastPointAt, caughtUp } = useLiveConnection();
  const now = useNow();
  const age = now !== null && lastPointAt !== null ? (now - lastPointAt) / 1000 : null;
  const isNews = now !== null && caughtUp !== null && now - caughtUp.at < caughtUpShownMs;
  const text =
    state === "connected" && isNews
      ? t("live.caughtUp", { age: format.estimate(caughtUp.afterMs / 1000) })
      : state === "connected" && age !== null && age < 3600
        ? t("live.lastPoint", { age: format.estimate(age) })
        : t(`live.${state}`);
  return (
    <div role="status" title={t(`live.${state}Hint`)} className="flex shrink-0 items-center gap-1.5 text-xs text-ink-3">
      <span
        className={cx(
          "size-2 rounded-full",
          state === "connected" ? "bg-accent" : state === "reconnecting" ? "bg-warn live-dot" : "bg-line-strong",
          age !== null && age < 5 && "live-dot",
        )}
      />
      <span className="tabular hidden lg:inline">{text}</span>
      <span className="sr-only lg:hidden">{t(`live.${state}`)}</span>
    </div>
  );
}
