"use client";
import { useTranslations } from "next-intl";
import { useMutation } from "urql";
import { type ProjectKeyRowFragment, RevokeApiKeyDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { showToast } from "@/lib/toast";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { RelativeTime } from "@/ui/relative-time";

const columns = ["keyMaker", "key", "keyScopes", "keyLastUsed", "keyExpires"] as const;
const cell = "border-t py-1.5 pr-4";

/** The keys that work in a project, for its owners. Those that work elsewhere too are their makers' to revoke. */
export function ProjectKeyTable({
  keys,
  onRevoked,
}: {
  keys: readonly ProjectKeyRowFragment[];
  onRevoked: () => void;
}) {
  const t = useTranslations("people");
  const settings = useTranslations("settings");
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
            {columns.map((column) => (
              <th key={column} scope="col" className="py-1 pr-4 font-medium">
                {t(column)}
              </th>
            ))}
            <th className="py-1">
              <span className="sr-only">{settings("revoke")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ maker, isOfProject, apiKey }) => (
            <tr key={apiKey.id}>
              <td className={cell}>{maker === null ? t("keyOfServer") : <bdi>{maker}</bdi>}</td>
              <td className={cell}>
                <bdi>{apiKey.name}</bdi>{" "}
                <span className="font-mono text-xs text-ink-3">
                  {apiKey.prefix}…{apiKey.lastFour}
                </span>
              </td>
              <td className={cell}>{apiKey.scopes.map((scope) => settings(`scope.${scope}`)).join(", ")}</td>
              <td className={cell}>
                {apiKey.lastUsedAt ? <RelativeTime at={apiKey.lastUsedAt} /> : settings("never")}
              </td>
              <td className={cell}>
                {apiKey.expiresAt ? format.moment(Date.parse(apiKey.expiresAt)) : settings("never")}
              </td>
              <td className="border-t py-1.5 text-right">
                {isOfProject ? (
                  <Button
                    look="quiet"
                    aria-label={settings("revokeNamed", { name: apiKey.name })}
                    onClick={() => void end(apiKey.id)}
                  >
                    {settings("revoke")}
                  </Button>
                ) : (
                  <span className="text-xs text-ink-3">{t("keyOfPerson")}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
