"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { SetShareLinkPasswordDocument, type ShareLinkRowFragment } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { showToast } from "@/lib/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { PasswordField } from "@/ui/password-field";

/** Gives a link a password, another one, or takes it away. */
export function LinkPasswordDialog({
  link,
  onClose,
  onChanged,
}: {
  link: ShareLinkRowFragment;
  onClose: () => void;
  onChanged: () => void;
}) {
  const t = useTranslations("share.links");
  const [{ fetching, error }, set] = useMutation(SetShareLinkPasswordDocument);
  const [password, setPassword] = useState("");
  const save = async (chosen: string | null) => {
    const result = await set({ id: link.id, password: chosen });
    if (result.error) return;
    showToast(t(chosen === null ? "passwordRemoved" : "passwordSaved"));
    onChanged();
    onClose();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void save(password);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("passwordTitle")}
      description={t("passwordHint")}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4 text-left">
        <PasswordField
          label={t("password")}
          hint={t("passwordLength")}
          error={error && apiError(error).message}
          is="NEW"
          required
          autoFocus
          value={password}
          onChange={setPassword}
        />
        <div className="flex justify-end gap-2">
          {link.hasPassword && (
            <Button look="danger" disabled={fetching} onClick={() => void save(null)}>
              {t("removePassword")}
            </Button>
          )}
          <Button type="submit" look="primary" disabled={fetching || password === ""}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
