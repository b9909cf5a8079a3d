"use client";
import { useTranslations } from "next-intl";
import { useCallback } from "react";

/** A sentence of the API: English text, and the key and values with which it can be said in another language. */
export interface SpokenMessage {
  key: string;
  values: unknown;
  text: string;
}

type Values = Record<string, string | number>;

/** The values of a message as a sentence takes them; null and what is neither text nor number is said as a dash. */
export function messageValues(values: unknown): Values {
  const spoken: Values = {};
  if (typeof values !== "object" || values === null) return spoken;
  for (const [name, value] of Object.entries(values)) {
    spoken[name] = typeof value === "number" || typeof value === "string" ? value : "–";
  }
  return spoken;
}

type Translate = ((key: string, values: Values) => string) & { has: (key: string) => boolean };

/** Returns a function that says a message of the API in the reader's language, or in English where the catalogue lacks its key. */
export function useSay(): (message: SpokenMessage) => string {
  // The keys come from the API: the types of the catalogue cannot know them.
  const t = useTranslations("sentence") as unknown as Translate;
  return useCallback(
    (message) => (t.has(message.key) ? t(message.key, messageValues(message.values)) : message.text),
    [t],
  );
}
