import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { isLocale, localeCookie, preferredLocale } from "@/lib/locale";
import { de } from "@/messages/de";
import { en } from "@/messages/en";

/** The language of a request: the cookie that the language switch sets, else what the browser asks for. */
export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(localeCookie)?.value;
  const locale = isLocale(chosen) ? chosen : preferredLocale((await headers()).get("accept-language"));
  return { locale, messages: locale === "de" ? de : en, timeZone: "UTC" };
});
