"use client";
import { embedCode } from "@residual/shared";
import { useTranslations } from "next-intl";
import { shareNotebookCell } from "@/features/share/share-notebook-cell";
import type { ShareTarget } from "@/features/share/share-target";
import type { CreateShareLinkMutation } from "@/gql/graphql";
import { CopyButton } from "@/ui/copy-button";
import { Field, Input, TextArea } from "@/ui/field";

/** The addresses of a link that was just made: for people, for a notebook, and for the pages of other sites where it has some. */
export function ShareResult({
  target,
  made,
}: {
  target: ShareTarget;
  made: CreateShareLinkMutation["createShareLink"];
}) {
  const t = useTranslations("share.result");
  const { origin } = window.location;
  const url = origin + made.path;
  const code = made.embedPath && embedCode(origin + made.embedPath, made.shareLink.label || target.name);
  const cell = shareNotebookCell(origin, target, made);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-2">
        <Field label={t("address")} hint={t("once")}>
          {(control) => (
            <Input
              {...control}
              readOnly
              value={url}
              data-testid="share-url"
              onFocus={(event) => event.target.select()}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={url} look="primary" />
          <CopyButton text={cell} label={t("copyCell")} />
        </div>
        <p className="text-xs text-ink-3">{t("cellHint")}</p>
      </div>
      {code && (
        <div className="flex flex-col gap-2 border-t pt-3">
          <Field label={t("embed")} hint={t("embedHint")}>
            {(control) => (
              <TextArea
                {...control}
                readOnly
                rows={3}
                className="w-full font-mono text-xs"
                value={code}
                data-testid="embed-code"
                onFocus={(event) => event.target.select()}
              />
            )}
          </Field>
          <div className="flex flex-wrap gap-2">
            <CopyButton text={code} label={t("copyEmbed")} />
            <CopyButton text={origin + made.embedPath} label={t("copyEmbedAddress")} />
          </div>
        </div>
      )}
    </div>
  );
}
