"use client";
import { useRouter } from "next/navigation";
import { useLocale } from "next-intl";
import { isLocale, type Locale, localeCookie, locales } from "@/lib/locale";

/** The language of the dashboard and the switch to the other one; remembered for a year. */
export function useLanguageSwitch(): { locale: Locale; toggle: () => void } {
  const router = useRouter();
  const current = useLocale();
  const locale = isLocale(current) ? current : locales[0];
  const toggle = () => {
    const next = locales[(locales.indexOf(locale) + 1) % locales.length];
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we support
    document.cookie = `${localeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  };
  return { locale, toggle };
}
