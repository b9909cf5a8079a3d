"use client";
import { withoutUnknownRange } from "@residual/shared";
import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";

/** A sentence of the API: English text, and the key and values with which it can be said in another language. */
export interface SpokenMessage {
  key: string;
  values: unknown;
  text: string;
}

type Values = Record<string, string | number>;
type Translate = ((key: string, values?: Values) => string) & {
  has: (key: string) => boolean;
  raw: (key: string) => string;
};

export interface Speech {
  t: Translate;
  locale: string;
  /** Names the training setting of a value called `field`. */
  nameOf: (field: string) => string;
}

/**
 * A message in the language of the catalogue; in English where the catalogue lacks its key. A missing value is a dash, a minus sign is a
 * typographic one as in the API's own text; a number that comes as text has its decimals for a reason and keeps them.
 */
export function spoken(message: SpokenMessage, { t, locale, nameOf }: Speech): string {
  if (!t.has(message.key)) return message.text;
  const template = t.raw(message.key);
  const values: Values = {};
  if (typeof message.values === "object" && message.values !== null) {
    for (const [name, value] of Object.entries(message.values)) {
      if (name === "field" && typeof value === "string") values[name] = nameOf(value);
      else if (typeof value === "number") {
        // A bare {name} would be said as code writes numbers; {name, number, …} needs the number itself.
        values[name] = template.includes(`{${name}, number`) ? value : numberFormat(locale).format(value);
      } else if (typeof value === "string") values[name] = localNumber(value, locale);
      else values[name] = "–";
    }
  }
  return withoutUnknownRange(t(message.key, values)).replace(/(^|[\s(])-(?=\d)/g, "$1−");
}

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string): Intl.NumberFormat {
  const format = formats.get(locale) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  formats.set(locale, format);
  return format;
}

/** "87.0" as the language writes it, with the same decimals; any other text as it is. */
function localNumber(text: string, locale: string): string {
  const match = /^[-−+]?\d+\.(\d+)$/.exec(text);
  if (!match) return text;
  const decimals = match[1]?.length ?? 0;
  const signDisplay = text.startsWith("+") ? "always" : "auto";
  return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, signDisplay }).format(
    Number(text.replace("−", "-")),
  );
}

/** Returns a function that says a message of the API in the reader's language. */
export function useSay(): (message: SpokenMessage) => string {
  const locale = useLocale();
  // The keys come from the API: the types of the catalogue cannot know them.
  const t = useTranslations("sentence") as unknown as Translate;
  const tField = useTranslations("launch.field") as unknown as Translate;
  return useCallback(
    (message) => spoken(message, { t, locale, nameOf: (field) => (tField.has(field) ? tField(field) : field) }),
    [t, tField, locale],
  );
}
