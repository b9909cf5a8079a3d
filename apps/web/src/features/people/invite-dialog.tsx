"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { roles } from "@/features/people/members-table";
import { OneTimeLinkDialog } from "@/features/people/one-time-link-dialog";
import { CreateInviteDocument, type Role } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Select } from "@/ui/field";

/** Makes an invite and shows its link, once. */
export function InviteDialog({
  project,
  onClose,
  onCreated,
}: {
  project: string;
  onClose: () => void;
  onCreated: () => void;
}) {
  const t = useTranslations("people");
  const [{ fetching, error, data }, create] = useMutation(CreateInviteDocument);
  const [role, setRole] = useState<Role>("MEMBER");
  const [label, setLabel] = useState("");
  const [days, setDays] = useState("3");
  const problem = error && apiError(error);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const result = await create({ input: { project, role, label, expiresInDays: Number(days) || 0 } });
    if (result.data) onCreated();
  };
  if (data)
    return (
      <OneTimeLinkDialog title={t("invite")} hint={t("inviteOnce")} path={data.createInvite.path} onClose={onClose} />
    );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("invite")} width="narrow">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("role")} hint={t(`roleHint.${role}`)}>
          {(control) => (
            <Select {...control} value={role} onChange={(event) => setRole(event.target.value as Role)}>
              {roles.map((one) => (
                <option key={one} value={one}>
                  {t(`roles.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("label")} hint={t("labelHint")}>
          {(control) => (
            <Input {...control} autoFocus value={label} onChange={(event) => setLabel(event.target.value)} />
          )}
        </Field>
        <Field label={t("days")} error={problem?.message} className="max-w-60">
          {(control) => (
            <Input {...control} inputMode="numeric" value={days} onChange={(event) => setDays(event.target.value)} />
          )}
        </Field>
        <Button type="submit" look="primary" className="self-end" disabled={fetching}>
          {t("createInvite")}
        </Button>
      </form>
    </Dialog>
  );
}
