"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useMutation } from "urql";
import { type ApiKeysQuery, RevokeApiKeyDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { RelativeTime } from "@/ui/relative-time";

type ApiKey = NonNullable<ApiKeysQuery["viewer"]>["apiKeys"][number];

/** A column that only one of the tables has, and what it says of each key. */
export interface KeyColumn<Row> {
  readonly heading: string;
  readonly of: (row: Row) => ReactNode;
}

interface KeyRow {
  readonly apiKey: Pick<ApiKey, "id" | "name" | "prefix" | "lastFour" | "scopes" | "lastUsedAt" | "expiresAt">;
  readonly isRevoked: boolean;
  /** Why there is no button that revokes it; null where there is one. */
  readonly keptBecause: string | null;
}

const heading = "py-1 pr-4 font-medium";
const cell = "border-t py-1.5 pr-4";

/** API keys, with what they may and when they were used; a key itself is shown only when it is made. */
export function ApiKeyTable<Row extends KeyRow>({
  rows,
  nameHeading,
  first,
  third,
  onRevoked,
}: {
  rows: readonly Row[];
  nameHeading: string;
  first?: KeyColumn<Row>;
  third?: KeyColumn<Row>;
  onRevoked: () => void;
}) {
  const t = useTranslations("settings");
  const format = useFormat();
  const [, revoke] = useMutation(RevokeApiKeyDocument);
  const end = async (id: string) => {
    if (reportFailure((await revoke({ id })).error)) onRevoked();
  };
  const headings = [first?.heading, nameHeading, t("scopes"), third?.heading, t("lastUsed"), t("expires")];
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full min-w-160 text-left">
        <thead className="text-xs text-ink-3">
          <tr>
            {headings.map(
              (text) =>
                text !== undefined && (
                  <th key={text} scope="col" className={heading}>
                    {text}
                  </th>
                ),
            )}
            <th className="py-1">
              <span className="sr-only">{t("revoke")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { id, name, prefix, lastFour, scopes, lastUsedAt, expiresAt } = row.apiKey;
            return (
              <tr key={id} className={cx(row.isRevoked && "text-ink-3 line-through")}>
                {first && <td className={cell}>{first.of(row)}</td>}
                <td className={cell}>
                  <bdi>{name}</bdi>{" "}
                  <span className="font-mono text-xs text-ink-3">
                    {prefix}…{lastFour}
                  </span>
                </td>
                <td className={cell}>{scopes.map((scope) => t(`scope.${scope}`)).join(", ")}</td>
                {third && <td className={cell}>{third.of(row)}</td>}
                <td className={cell}>{lastUsedAt ? <RelativeTime at={lastUsedAt} /> : t("never")}</td>
                <td className={cell}>{expiresAt ? format.moment(Date.parse(expiresAt)) : t("never")}</td>
                <td className="border-t py-1.5 text-right">
                  {row.keptBecause !== null ? (
                    <span className="text-xs text-ink-3">{row.keptBecause}</span>
                  ) : (
                    !row.isRevoked && (
                      <Button look="quiet" aria-label={t("revokeNamed", { name })} onClick={() => void end(id)}>
                        {t("revoke")}
                      </Button>
                    )
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
