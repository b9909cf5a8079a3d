"use client";
import { useTranslations } from "next-intl";
import { useMutation } from "urql";
import { type PeopleQuery, RevokeInviteDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";

type Invite = NonNullable<PeopleQuery["project"]>["invites"][number];

/** Invites that nobody has used yet. */
export function InviteList({ invites, onChanged }: { invites: readonly Invite[]; onChanged: () => void }) {
  const t = useTranslations("people");
  const format = useFormat();
  const [, revoke] = useMutation(RevokeInviteDocument);
  const end = async (id: string) => {
    const { error } = await revoke({ id });
    reportFailure(error);
    onChanged();
  };
  return (
    <ul aria-label={t("invites")}>
      {invites.map(({ id, role, label, expiresAt }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-4 border-t py-1.5">
          <span className="min-w-0 flex-1">
            {t(`roles.${role}`)}
            {label && (
              <>
                {" · "}
                <bdi>{label}</bdi>
              </>
            )}
          </span>
          <span className="text-ink-3">{t("until", { moment: format.moment(Date.parse(expiresAt)) })}</span>
          <Button
            look="quiet"
            aria-label={t("withdrawNamed", { name: label || t(`roles.${role}`) })}
            onClick={() => void end(id)}
          >
            {t("withdraw")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
