"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { InviteDialog } from "@/features/people/invite-dialog";
import { InviteList } from "@/features/people/invite-list";
import { MembersTable } from "@/features/people/members-table";
import { ProjectKeyTable } from "@/features/people/project-key-table";
import { PeopleDocument } from "@/gql/graphql";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

/** Who belongs to the present project, and who is invited. */
export function PeopleSettings() {
  const t = useTranslations("people");
  const { project, viewer } = useSession();
  const [{ data, error }, ask] = useQuery({
    query: PeopleDocument,
    variables: { project: project.slug },
    requestPolicy: "cache-and-network",
  });
  const [isInviting, setInviting] = useState(false);
  const reload = () => ask({ requestPolicy: "network-only" });
  if (error && !data) return <ErrorState error={error} onRetry={reload} />;
  if (!data?.project) return <SkeletonRows rows={3} />;
  const { members, invites, apiKeys, viewerRole } = data.project;
  const isOwner = viewerRole === "OWNER";
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-2">{t(isOwner ? "hint" : "hintOthers", { project: project.name })}</p>
        {isOwner && (
          <Button icon="plus" onClick={() => setInviting(true)}>
            {t("invite")}
          </Button>
        )}
      </div>
      <MembersTable
        project={project.slug}
        members={members}
        you={viewer.id}
        mayManage={isOwner}
        mayLetIn={viewer.kind === "OWNER"}
        onChanged={reload}
      />
      {invites.length > 0 && (
        <>
          <h3 className="font-medium">{t("invites")}</h3>
          <InviteList invites={invites} onChanged={reload} />
        </>
      )}
      {isOwner && (
        <>
          <h3 className="font-medium">{t("keys")}</h3>
          <ProjectKeyTable keys={apiKeys} onRevoked={reload} />
        </>
      )}
      {isInviting && <InviteDialog project={project.slug} onClose={() => setInviting(false)} onCreated={reload} />}
    </div>
  );
}
