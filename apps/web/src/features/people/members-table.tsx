"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type CombinedError, useMutation } from "urql";
import { OneTimeLinkDialog } from "@/features/people/one-time-link-dialog";
import {
  CreateSignInLinkDocument,
  LeaveProjectDocument,
  type PeopleQuery,
  RemoveMemberDocument,
  type Role,
  SetMemberRoleDocument,
} from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { RelativeTime } from "@/ui/relative-time";

type Member = NonNullable<PeopleQuery["project"]>["members"][number];

export const roles: readonly Role[] = ["VIEWER", "MEMBER", "OWNER"];
const cell = "border-t py-1.5 pr-4 align-middle";

/** Who belongs to a project. `you`: the id of whoever looks; `mayManage`: they own it; `mayLetIn`: they run the server. */
export function MembersTable({
  project,
  members,
  you,
  mayManage,
  mayLetIn,
  onChanged,
}: {
  project: string;
  members: readonly Member[];
  you: string;
  mayManage: boolean;
  mayLetIn: boolean;
  onChanged: () => void;
}) {
  const t = useTranslations("people");
  const [, setRole] = useMutation(SetMemberRoleDocument);
  const [, remove] = useMutation(RemoveMemberDocument);
  const [, leave] = useMutation(LeaveProjectDocument);
  const [, letIn] = useMutation(CreateSignInLinkDocument);
  const [link, setLink] = useState<string | null>(null);
  const settle = ({ error }: { error?: CombinedError }) => {
    reportFailure(error);
    // After an error too: what the page shows may be what others have changed.
    onChanged();
  };
  if (members.length === 0) return <p className="text-ink-3">{t("nobody")}</p>;
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full text-left">
        <thead className="text-xs text-ink-3">
          <tr>
            <th className="py-1 pr-4 font-medium">{t("name")}</th>
            <th className="py-1 pr-4 font-medium">{t("role")}</th>
            <th className="py-1 pr-4 font-medium">{t("since")}</th>
            <th className="py-1">
              <span className="sr-only">{t("remove")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map(({ userId, name, email, role, since }) => (
            <tr key={userId}>
              <td className={cell}>
                <bdi>{name}</bdi> {userId === you && <span className="text-ink-3">{t("you")}</span>}
                {email && <div className="text-xs text-ink-3">{email}</div>}
              </td>
              <td className={cell}>
                {mayManage ? (
                  <Select
                    className="w-32"
                    aria-label={t("roleOf", { name })}
                    value={role}
                    onChange={(event) =>
                      void setRole({ project, user: userId, role: event.target.value as Role }).then(settle)
                    }
                  >
                    {roles.map((one) => (
                      <option key={one} value={one}>
                        {t(`roles.${one}`)}
                      </option>
                    ))}
                  </Select>
                ) : (
                  t(`roles.${role}`)
                )}
              </td>
              <td className={cell}>
                <RelativeTime at={since} />
              </td>
              <td className={`${cell} text-right whitespace-nowrap`}>
                {mayLetIn && userId !== you && (
                  <Button
                    look="quiet"
                    aria-label={t("signInLinkFor", { name })}
                    onClick={() =>
                      void letIn({ user: userId }).then(({ data, error }) => {
                        if (reportFailure(error)) setLink(data?.createSignInLink.path ?? null);
                      })
                    }
                  >
                    {t("signInLink")}
                  </Button>
                )}
                {userId === you ? (
                  <Button look="quiet" onClick={() => void leave({ project }).then(settle)}>
                    {t("leave")}
                  </Button>
                ) : (
                  mayManage && (
                    <Button
                      look="quiet"
                      aria-label={t("removeNamed", { name })}
                      onClick={() => void remove({ project, user: userId }).then(settle)}
                    >
                      {t("remove")}
                    </Button>
                  )
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {link && (
        <OneTimeLinkDialog
          title={t("signInLink")}
          hint={t("signInLinkHint")}
          path={link}
          onClose={() => setLink(null)}
        />
      )}
    </div>
  );
}
