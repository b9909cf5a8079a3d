"use client";
import { useFormat } from "@/lib/use-format";
import { useNow } from "@/lib/use-now";

/** "3 minutes ago", with the moment in full as its tooltip. at: ISO text or ms since epoch. */
export function RelativeTime({ at }: { at: string | number }) {
  const format = useFormat();
  const now = useNow(15_000);
  const moment = new Date(at).getTime();
  return (
    <time dateTime={new Date(moment).toISOString()} title={now === null ? undefined : format.moment(moment)}>
      {now === null ? "" : format.relative(Math.min(moment, now), now)}
    </time>
  );
}
