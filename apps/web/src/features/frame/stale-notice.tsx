"use client";
import { useTranslations } from "next-intl";
import { useLiveConnection } from "@/lib/live-connection";
import { useFormat } from "@/lib/use-format";
import { useNow } from "@/lib/use-now";
import { Icon } from "@/ui/icon";

// A server that restarts is back sooner; a line that comes and goes would only disturb.
const patienceSeconds = 3;

/** Says that the page shows an old state, and how old, while the live connection is broken. */
export function StaleNotice() {
  const t = useTranslations("frame");
  const format = useFormat();
  const { brokenSince } = useLiveConnection();
  const now = useNow();
  const age = brokenSince === null || now === null ? 0 : (now - brokenSince) / 1000;
  if (age < patienceSeconds) return null;
  return (
    <p
      role="status"
      className="flex items-center gap-2 border-b bg-warn-soft px-4 py-1.5 text-warn md:px-6"
      data-print="hide"
    >
      <Icon name="warning" />
      {t("stale", { age: format.estimate(age) })}
    </p>
  );
}
