"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMutation } from "urql";
import { SavePage } from "@/features/share/save-page";
import { ShareForm } from "@/features/share/share-form";
import { ShareResult } from "@/features/share/share-result";
import { firstChoice, type ShareChoice, type ShareTarget, shareLinkInput } from "@/features/share/share-target";
import { CreateShareLinkDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** Makes a read-only link to what is on screen. Its addresses are shown once: only hashes of what opens them are kept. */
export function ShareDialog({ target, onClose }: { target: ShareTarget; onClose: () => void }) {
  const t = useTranslations("share");
  const [choice, setChoice] = useState<ShareChoice>(firstChoice);
  const [{ data, error, fetching }, create] = useMutation(CreateShareLinkDocument);
  const made = data?.createShareLink;
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
        made ? (
          <Button look="primary" onClick={onClose}>
            {t("dialog.done")}
          </Button>
        ) : (
          <Button
            look="primary"
            icon="link"
            disabled={fetching}
            onClick={() => void create({ input: shareLinkInput(target, choice) })}
          >
            {t("dialog.create")}
          </Button>
        )
      }
    >
      {made ? (
        <ShareResult target={target} made={made} />
      ) : (
        <div className="flex flex-col gap-4">
          <ShareForm choice={choice} onChange={setChoice} problem={error ? apiError(error) : null} />
          <SavePage name={target.name} />
        </div>
      )}
    </Dialog>
  );
}
