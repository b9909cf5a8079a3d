/** The languages of the dashboard; the first is what a browser gets that asks for neither. */
export const locales = ["en", "de"] as const;

export type Locale = (typeof locales)[number];

export const localeCookie = "residual_locale";

export function isLocale(value: string | undefined): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The language a browser asks for in its Accept-Language header: the first one there that the dashboard speaks. */
export function preferredLocale(acceptLanguage: string | null): Locale {
  for (const part of (acceptLanguage ?? "").split(",")) {
    const language = part.trim().slice(0, 2).toLowerCase();
    if (isLocale(language)) return language;
  }
  return locales[0];
}
