"use client";
import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";

/** A sentence of the API: English text, and the key and values with which it can be said in another language. */
export interface SpokenMessage {
  key: string;
  values: unknown;
  text: string;
}

type Values = Record<string, string | number>;
type Translate = ((key: string, values?: Values) => string) & { has: (key: string) => boolean };

export interface Speech {
  t: Translate;
  /** Names the training setting of a value called `field`. */
  nameOf: (field: string) => string;
  /** What stands between whole and tenths. */
  decimalSign: string;
}

/**
 * A message in the language of the catalogue; in English where the catalogue lacks its key. A missing value is a dash, a minus sign is a
 * typographic one as in the API's own text; a number that comes as text has its decimals for a reason and keeps them.
 */
export function spoken(message: SpokenMessage, { t, nameOf, decimalSign }: Speech): string {
  if (!t.has(message.key)) return message.text;
  const values: Values = {};
  if (typeof message.values === "object" && message.values !== null) {
    for (const [name, value] of Object.entries(message.values)) {
      if (name === "field" && typeof value === "string") values[name] = nameOf(value);
      else if (typeof value === "string" && /^[-−+]?\d+\.\d+$/.test(value))
        values[name] = value.replace(".", decimalSign);
      else values[name] = typeof value === "number" || typeof value === "string" ? value : "–";
    }
  }
  return t(message.key, values).replace(/(^|[\s(])-(?=\d)/g, "$1−");
}

/** Returns a function that says a message of the API in the reader's language. */
export function useSay(): (message: SpokenMessage) => string {
  const locale = useLocale();
  // The keys come from the API: the types of the catalogue cannot know them.
  const t = useTranslations("sentence") as unknown as Translate;
  const tField = useTranslations("launch.field") as unknown as Translate;
  return useCallback(
    (message) => {
      const nameOf = (field: string) => (tField.has(field) ? tField(field) : field);
      return spoken(message, { t, nameOf, decimalSign: locale === "de" ? "," : "." });
    },
    [t, tField, locale],
  );
}
