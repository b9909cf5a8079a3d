"use client";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Footer } from "@/features/frame/footer";
import { FrameShortcuts } from "@/features/frame/frame-shortcuts";
import { GapAlertNotes } from "@/features/frame/gap-alert-notes";
import { Rail } from "@/features/frame/rail";
import { SessionGate, SessionProvider } from "@/features/frame/session";
import { StaleNotice } from "@/features/frame/stale-notice";
import { TopBar } from "@/features/frame/top-bar";
import { LaunchProvider } from "@/features/launch/use-launch";
import { PaletteProvider } from "@/features/palette/use-palette";
import { isPublicPath } from "@/lib/sign-in-path";

/** The frame around every page: rail, top bar, footer. Pages without a session stand alone. */
export function Frame({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  if (isPublicPath(pathname)) return <main className="min-h-dvh">{children}</main>;
  return <SignedInFrame>{children}</SignedInFrame>;
}

function SignedInFrame({ children }: { children: ReactNode }) {
  const t = useTranslations("frame");
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  return (
    <SessionProvider>
      <LaunchProvider>
        <PaletteProvider>
          <a
            href="#content"
            className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-raised focus:px-3 focus:py-2"
          >
            {t("skipToContent")}
          </a>
          <div className="flex min-h-dvh">
            <Rail isDrawerOpen={isDrawerOpen} onDrawerClose={() => setDrawerOpen(false)} />
            <div className="flex min-w-0 flex-1 flex-col">
              <TopBar onMenu={() => setDrawerOpen(true)} />
              <StaleNotice />
              <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
                <SessionGate>
                  {children}
                  <GapAlertNotes />
                </SessionGate>
              </main>
              <Footer />
            </div>
          </div>
          <FrameShortcuts />
        </PaletteProvider>
      </LaunchProvider>
    </SessionProvider>
  );
}
