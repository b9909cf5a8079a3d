"use client";
import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import * as format from "@/lib/format";

/** The formatters of lib/format in the reader's language. */
export function useFormat() {
  const locale = useLocale();
  const t = useTranslations("ui");
  return useMemo(
    () => ({
      locale,
      percent: (interval: format.IntervalValue) => format.spokenPercent(locale, interval),
      points: (interval: format.IntervalValue) => format.spokenPoints(locale, interval, t("percentagePoints")),
      /** For columns whose head names the unit. */
      pointsWithoutUnit: (interval: format.IntervalValue) => format.spokenPoints(locale, interval, null),
      decimal: (value: number, decimals: number) => format.decimalFormat(locale, decimals).format(value),
      count: (value: number) => format.spokenCount(locale, value),
      compact: (value: number) => format.spokenCompact(locale, value),
      bytes: (value: number) => format.spokenBytes(locale, value),
      number: (value: unknown) => format.spokenNumber(locale, value),
      duration: (seconds: number) => format.spokenDuration(locale, seconds),
      estimate: (seconds: number) => format.spokenEstimate(locale, seconds),
      money: (price: { amount: number; currency: string }) => format.spokenMoney(locale, price),
      relative: (at: number, now: number) => format.spokenRelative(locale, at, now),
      moment: (at: number) => format.spokenMoment(locale, at),
    }),
    [locale, t],
  );
}
