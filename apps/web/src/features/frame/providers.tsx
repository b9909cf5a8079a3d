"use client";
import { setNonce } from "get-nonce";
import { ThemeProvider } from "next-themes";
import { type ReactNode, Suspense, useState } from "react";
import { type Client, Provider } from "urql";
import { createGraphqlClient } from "@/lib/graphql-client";
import { PageTrailProvider } from "@/lib/page-trail";
import { goToSignIn } from "@/lib/sign-in-path";
import { Toaster } from "@/ui/toaster";

/** What every page stands on: theme, data, notes. The server renders skeletons only; data is asked for by the browser. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState<Client>(() => {
    // Dialogs keep the page behind them from scrolling by a style element, which needs the nonce too.
    if (typeof document !== "undefined" && nonce) setNonce(nonce);
    return createGraphqlClient(goToSignIn);
  });
  return (
    <ThemeProvider nonce={nonce} attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
      <Provider value={client}>
        <PageTrailProvider>
          <Suspense>{children}</Suspense>
          <Toaster />
        </PageTrailProvider>
      </Provider>
    </ThemeProvider>
  );
}
