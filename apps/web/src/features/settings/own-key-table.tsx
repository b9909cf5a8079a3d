"use client";
import { useTranslations } from "next-intl";
import { ApiKeyTable } from "@/features/settings/api-key-table";
import type { ApiKeysQuery } from "@/gql/graphql";

type ApiKey = NonNullable<ApiKeysQuery["viewer"]>["apiKeys"][number];

/** The API keys of the viewer, those that were revoked struck through. */
export function OwnKeyTable({ keys, onRevoked }: { keys: readonly ApiKey[]; onRevoked: () => void }) {
  const t = useTranslations("settings");
  if (keys.length === 0) return <p className="text-ink-3">{t("noKeys")}</p>;
  return (
    <ApiKeyTable
      rows={keys.map((apiKey) => ({ apiKey, isRevoked: apiKey.revokedAt !== null, keptBecause: null }))}
      nameHeading={t("name")}
      third={{ heading: t("worksIn"), of: ({ apiKey }) => apiKey.project?.name ?? t("allProjects") }}
      onRevoked={onRevoked}
    />
  );
}
