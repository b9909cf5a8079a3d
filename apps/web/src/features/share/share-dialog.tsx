"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMutation } from "urql";
import { SavePage } from "@/features/share/save-page";
import { offeredDays, type ShareTarget, shareLinkInput } from "@/features/share/share-target";
import { CreateShareLinkDocument, type ShareMode } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Select } from "@/ui/field";

const modes = ["LIVE", "FROZEN"] as const satisfies ShareMode[];

/** Makes a read-only link to what is on screen. Its address is shown once: only a hash of its secret is kept. */
export function ShareDialog({ target, onClose }: { target: ShareTarget; onClose: () => void }) {
  const t = useTranslations("share");
  const [mode, setMode] = useState<ShareMode>("LIVE");
  const [label, setLabel] = useState("");
  const [days, setDays] = useState<number | null>(30);
  const [{ data, error, fetching }, create] = useMutation(CreateShareLinkDocument);
  const url = data ? `${window.location.origin}${data.createShareLink.path}` : null;
  const make = () => void create({ input: shareLinkInput(target, { mode, label, days }) });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("dialog.title")}
      description={t(`dialog.scope.${target.scope}`, {
        name: target.name,
        count: target.scope === "COMPARISON" ? target.runs.length : 1,
      })}
      width="narrow"
      footer={
        url ? (
          <Button look="primary" onClick={onClose}>
            {t("dialog.done")}
          </Button>
        ) : (
          <Button look="primary" icon="link" disabled={fetching} onClick={make}>
            {t("dialog.create")}
          </Button>
        )
      }
    >
      {url ? (
        <div className="flex flex-col gap-3">
          <Field label={t("dialog.address")} hint={t("dialog.once")}>
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
          <div className="flex gap-2">
            <CopyButton text={url} look="primary" />
          </div>
        </div>
      ) : (
        <div className="flex flex-col gap-4">
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1 text-xs font-medium text-ink-2">{t("dialog.shows")}</legend>
            {modes.map((choice) => (
              <label key={choice} className="flex items-start gap-2">
                <input
                  type="radio"
                  name="mode"
                  className="mt-0.5 size-4 accent-accent"
                  checked={mode === choice}
                  onChange={() => setMode(choice)}
                />
                <span>
                  {t(`mode.${choice}`)}
                  <span className="block text-xs text-ink-3">{t(`dialog.modeHint.${choice}`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <Field label={t("dialog.expires")}>
            {(control) => (
              <Select
                {...control}
                value={String(days)}
                onChange={(event) => setDays(event.target.value === "null" ? null : Number(event.target.value))}
              >
                {offeredDays.map((offered) => (
                  <option key={offered} value={String(offered)}>
                    {offered === null ? t("dialog.never") : t("dialog.days", { days: offered })}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t("dialog.label")} hint={t("dialog.labelHint")} error={error && apiError(error).message}>
            {(control) => (
              <Input {...control} value={label} maxLength={200} onChange={(event) => setLabel(event.target.value)} />
            )}
          </Field>
          <SavePage name={target.name} />
        </div>
      )}
    </Dialog>
  );
}
