"use client";
import { useTranslations } from "next-intl";
import { ApiKeyTable } from "@/features/settings/api-key-table";
import type { ProjectKeyRowFragment } from "@/gql/graphql";

/** The keys that work in a project, for its owners. Those that work elsewhere too are their makers' to revoke. */
export function ProjectKeyTable({
  keys,
  onRevoked,
}: {
  keys: readonly ProjectKeyRowFragment[];
  onRevoked: () => void;
}) {
  const t = useTranslations("people");
  if (keys.length === 0) return <p className="text-ink-3">{t("noKeys")}</p>;
  return (
    <ApiKeyTable
      rows={keys.map((key) => ({ ...key, isRevoked: false, keptBecause: key.isOfProject ? null : t("keyOfPerson") }))}
      nameHeading={t("key")}
      first={{
        heading: t("keyMaker"),
        of: ({ maker }) => (maker === null ? t("keyOfServer") : <bdi>{maker}</bdi>),
      }}
      onRevoked={onRevoked}
    />
  );
}
