import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { Frame } from "@/features/frame/frame";
import { Providers } from "@/features/frame/providers";
import { nonceHeader } from "@/lib/content-security-policy";
import "./globals.css";

export const metadata: Metadata = {
  title: "Residual",
  description: "Which image classifier to ship",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fcfcfd" },
    { media: "(prefers-color-scheme: dark)", color: "#0f1012" },
  ],
};

export default async function Layout({ children }: { children: ReactNode }) {
  return (
    // The theme script sets an attribute before React comes alive.
    <html lang={await getLocale()} suppressHydrationWarning>
      <body>
        <NextIntlClientProvider>
          <Providers nonce={(await headers()).get(nonceHeader) ?? undefined}>
            <Frame>{children}</Frame>
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
