"use client";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { ProviderButton } from "@/features/sign-in/provider-button";

/** As the API writes them into the address when somebody comes back who is not signed in: apps/api, serve-oidc.ts. */
const problems = ["away", "stale", "declined", "refused", "busy"] as const;

/** The way to the OpenID Connect provider, where the server has one, and why the last attempt has signed nobody in. */
export function ProviderSignIn({ returnPath }: { returnPath: string }) {
  const t = useTranslations("signIn");
  const named = useSearchParams().get("problem");
  const problem = problems.find((known) => known === named);
  return (
    <div className="flex flex-col gap-3 border-t pt-4 empty:hidden">
      {problem && (
        <p role="alert" className="text-bad">
          {t(`problem.${problem}`)}
        </p>
      )}
      <ProviderButton returnPath={returnPath} />
    </div>
  );
}
