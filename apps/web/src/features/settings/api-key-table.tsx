"use client";
import { useTranslations } from "next-intl";
import { useMutation } from "urql";
import { type ApiKeysQuery, RevokeApiKeyDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { showToast } from "@/lib/toast";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { RelativeTime } from "@/ui/relative-time";

type ApiKey = NonNullable<ApiKeysQuery["viewer"]>["apiKeys"][number];

/** The API keys of the viewer; a key itself is shown only when it is made. */
export function ApiKeyTable({ keys, onRevoked }: { keys: readonly ApiKey[]; onRevoked: () => void }) {
  const t = useTranslations("settings");
  const format = useFormat();
  const [, revoke] = useMutation(RevokeApiKeyDocument);
  if (keys.length === 0) return <p className="text-ink-3">{t("noKeys")}</p>;
  const end = async (id: string) => {
    const { error } = await revoke({ id });
    if (error) showToast(apiError(error).message, { tone: "bad" });
    else onRevoked();
  };
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full min-w-160 text-left">
        <thead className="text-xs text-ink-3">
          <tr>
            <th className="py-1 pr-4 font-medium">{t("name")}</th>
            <th className="py-1 pr-4 font-medium">{t("scopes")}</th>
            <th className="py-1 pr-4 font-medium">{t("worksIn")}</th>
            <th className="py-1 pr-4 font-medium">{t("lastUsed")}</th>
            <th className="py-1 pr-4 font-medium">{t("expires")}</th>
            <th className="py-1">
              <span className="sr-only">{t("revoke")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} className={cx(key.revokedAt !== null && "text-ink-3 line-through")}>
              <td className="border-t py-1.5 pr-4">
                <bdi>{key.name}</bdi>{" "}
                <span className="font-mono text-xs text-ink-3">
                  {key.prefix}…{key.lastFour}
                </span>
              </td>
              <td className="border-t py-1.5 pr-4">{key.scopes.map((scope) => t(`scope.${scope}`)).join(", ")}</td>
              <td className="border-t py-1.5 pr-4">{key.project?.name ?? t("allProjects")}</td>
              <td className="border-t py-1.5 pr-4">
                {key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : t("never")}
              </td>
              <td className="border-t py-1.5 pr-4">
                {key.expiresAt ? format.moment(Date.parse(key.expiresAt)) : t("never")}
              </td>
              <td className="border-t py-1.5 text-right">
                {key.revokedAt === null && (
                  <Button
                    look="quiet"
                    aria-label={t("revokeNamed", { name: key.name })}
                    onClick={() => void end(key.id)}
                  >
                    {t("revoke")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
