"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type CombinedError, useMutation, useQuery } from "urql";
import { LinkPasswordDialog } from "@/features/share/link-password-dialog";
import { linkState } from "@/features/share/share-target";
import {
  ProjectShareLinksDocument,
  RestoreShareLinkDocument,
  RevokeShareLinkDocument,
  type ShareLinkRowFragment,
} from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { showToast } from "@/lib/toast";
import { useFormat } from "@/lib/use-format";
import { useNow } from "@/lib/use-now";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { RelativeTime } from "@/ui/relative-time";
import { SkeletonRows } from "@/ui/skeleton";

const cell = "border-b py-1.5 pr-4 text-left align-top";
const columns = ["link", "shows", "protection", "views", "created", "ends"] as const;

/** Every link that a project has given out, how often it was opened, and a button that ends it. project: its slug. */
export function ShareLinks({ project }: { project: string }) {
  const t = useTranslations("share");
  const [{ data, error }, reload] = useQuery({
    query: ProjectShareLinksDocument,
    variables: { project },
    requestPolicy: "cache-and-network",
  });
  if (error && !data) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: "network-only" })} />;
  if (!data) return <SkeletonRows rows={3} />;
  const links = data.project?.shareLinks ?? [];
  if (links.length === 0) return <EmptyState title={t("links.empty")}>{t("links.emptyHint")}</EmptyState>;
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full text-sm">
        <thead className="text-xs text-ink-3">
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={`${cell} font-normal`}>
                {t(`links.${column}`)}
              </th>
            ))}
            <th className={cell}>
              <span className="sr-only">{t("links.revoke")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <ShareLinkLine key={link.id} link={link} onChanged={() => reload({ requestPolicy: "network-only" })} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ShareLinkLine({ link, onChanged }: { link: ShareLinkRowFragment; onChanged: () => void }) {
  const t = useTranslations("share");
  const format = useFormat();
  const now = useNow(60_000);
  const [{ fetching }, revoke] = useMutation(RevokeShareLinkDocument);
  const [, restoreLink] = useMutation(RestoreShareLinkDocument);
  const [isSetting, setSetting] = useState(false);
  const state = linkState(link, now ?? 0);
  const settle = (error: CombinedError | undefined): boolean => {
    const isDone = reportFailure(error);
    if (isDone) onChanged();
    return isDone;
  };
  const restore = async () => {
    if (settle((await restoreLink({ id: link.id })).error)) showToast(t("links.restored"));
  };
  const end = async () => {
    if (!settle((await revoke({ id: link.id })).error)) return;
    showToast(t("links.revoked"), { action: { label: t("links.undo"), run: () => void restore() } });
  };
  return (
    <tr className={state === "open" ? undefined : "text-ink-3"}>
      <td className={cell}>
        {link.label || t(`scope.${link.scope}`)}
        {link.label && <div className="text-xs text-ink-3">{t(`scope.${link.scope}`)}</div>}
      </td>
      <td className={cell}>
        <Chip>{t(`mode.${link.mode}`)}</Chip>
      </td>
      <td className={cell}>
        <span className="flex flex-wrap gap-1">
          {link.hasPassword && <Chip>{t("links.withPassword")}</Chip>}
          {link.isAnonymous && <Chip>{t("links.anonymous")}</Chip>}
          {link.embedOrigins.length > 0 && (
            <Chip title={link.embedOrigins.join("\n")}>{t("links.embeds", { count: link.embedOrigins.length })}</Chip>
          )}
        </span>
      </td>
      <td className={cell}>{format.count(link.views)}</td>
      <td className={cell}>
        <RelativeTime at={link.createdAt} />
      </td>
      <td className={cell}>
        {state !== "open" ? (
          <Chip tone="warn">{t(`state.${state}`)}</Chip>
        ) : link.expiresAt === null ? (
          t("dialog.never")
        ) : (
          format.moment(Date.parse(link.expiresAt))
        )}
      </td>
      <td className={`${cell} text-right`}>
        {state === "open" && (
          <span className="flex justify-end gap-2">
            <Button onClick={() => setSetting(true)}>
              {t(link.hasPassword ? "links.changePassword" : "links.setPassword")}
            </Button>
            <Button look="danger" disabled={fetching} onClick={() => void end()}>
              {t("links.revoke")}
            </Button>
          </span>
        )}
        {state === "revoked" && linkState({ ...link, revokedAt: null }, now ?? 0) === "open" && (
          <Button icon="undo" onClick={() => void restore()}>
            {t("links.restore")}
          </Button>
        )}
        {isSetting && <LinkPasswordDialog link={link} onClose={() => setSetting(false)} onChanged={onChanged} />}
      </td>
    </tr>
  );
}
