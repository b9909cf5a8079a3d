"use client";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { SignInProviderDocument } from "@/gql/graphql";
import { buttonClasses } from "@/ui/button";

/** As the API writes them into the address when somebody comes back who is not signed in: apps/api, serve-oidc.ts. */
const problems = ["away", "stale", "declined", "refused", "busy"] as const;

/** The way to the OpenID Connect provider, where the server has one, and why the last attempt has signed nobody in. */
export function ProviderSignIn({ returnPath }: { returnPath: string }) {
  const t = useTranslations("signIn");
  const named = useSearchParams().get("problem");
  const [{ data }] = useQuery({ query: SignInProviderDocument });
  const problem = problems.find((known) => known === named);
  const name = data?.signInProvider;
  if (!name && !problem) return null;
  return (
    <div className="flex flex-col gap-3 border-t pt-4">
      {problem && (
        <p role="alert" className="text-bad">
          {t(`problem.${problem}`)}
        </p>
      )}
      {name && (
        // Not a Link: it leaves the dashboard, and must not be loaded before somebody wants to.
        <a href={`/sign-in/oidc?return=${encodeURIComponent(returnPath)}`} className={buttonClasses("primary")}>
          {t("withProvider", { name })}
        </a>
      )}
    </div>
  );
}
