"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { PasswordForm } from "@/features/settings/password-form";
import { SessionList } from "@/features/settings/session-list";
import { SessionsDocument } from "@/gql/graphql";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

/** How somebody signs in, and where they are signed in. */
export function SignInSettings() {
  const t = useTranslations("settings");
  const [{ data, error }, ask] = useQuery({ query: SessionsDocument, requestPolicy: "cache-and-network" });
  const reload = () => ask({ requestPolicy: "network-only" });
  if (error && !data) return <ErrorState error={error} onRetry={reload} />;
  if (!data?.viewer) return <SkeletonRows rows={3} />;
  return (
    <div className="flex flex-col gap-6">
      <div>
        <h3 className="mb-2 font-medium">{t("session.title")}</h3>
        <SessionList sessions={data.viewer.sessions} onChanged={reload} />
      </div>
      <div>
        <h3 className="mb-2 font-medium">{t("password.title")}</h3>
        <PasswordForm email={data.viewer.email ?? null} onChanged={reload} />
      </div>
    </div>
  );
}
