"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { SignInProviderDocument } from "@/gql/graphql";
import { buttonClasses } from "@/ui/button";

/** The way to the OpenID Connect provider; nothing where the server has none. `after`: what stands between it and another way in. */
export function ProviderButton({
  returnPath,
  onLeave,
  after,
}: {
  returnPath: string;
  onLeave?: () => void;
  after?: string;
}) {
  const t = useTranslations("signIn");
  const [{ data }] = useQuery({ query: SignInProviderDocument });
  const name = data?.signInProvider;
  if (!name) return null;
  return (
    <>
      {/* Not a Link: it leaves the dashboard, and must not be loaded before somebody wants to. */}
      <a
        href={`/sign-in/oidc?return=${encodeURIComponent(returnPath)}`}
        className={buttonClasses("primary")}
        onClick={onLeave}
      >
        {t("withProvider", { name })}
      </a>
      {after && <p className="text-center text-xs text-ink-3">{after}</p>}
    </>
  );
}
