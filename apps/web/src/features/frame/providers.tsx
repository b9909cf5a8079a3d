"use client";
import { ThemeProvider } from "next-themes";
import { type ReactNode, Suspense, useState } from "react";
import { type Client, Provider } from "urql";
import { createGraphqlClient } from "@/lib/graphql-client";
import { PageTrailProvider } from "@/lib/page-trail";
import { goToSignIn } from "@/lib/sign-in-path";
import { Toaster } from "@/ui/toaster";

/** What every page stands on: theme, data, notes. The server renders skeletons only; data is asked for by the browser. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState<Client>(() => createGraphqlClient(goToSignIn));
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
      <Provider value={client}>
        <PageTrailProvider>
          <Suspense>{children}</Suspense>
          <Toaster />
        </PageTrailProvider>
      </Provider>
    </ThemeProvider>
  );
}
