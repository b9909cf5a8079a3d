"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { GapThreshold } from "@/features/gap/gap-threshold";
import { ApiKeyTable } from "@/features/settings/api-key-table";
import { CreateApiKeyDialog } from "@/features/settings/create-api-key-dialog";
import { notebookCell } from "@/features/settings/notebook-cell";
import { ApiKeysDocument, SignOutDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { ErrorState } from "@/ui/error-state";
import { TextArea } from "@/ui/field";
import { PageHeader, Section } from "@/ui/page";
import { SkeletonRows } from "@/ui/skeleton";

/** API keys, a notebook cell to start with, and signing out. */
export function SettingsPage() {
  const t = useTranslations("settings");
  const router = useRouter();
  const { project, viewer } = useSession();
  const [{ data, error }, ask] = useQuery({ query: ApiKeysDocument, requestPolicy: "cache-and-network" });
  const [, signOut] = useMutation(SignOutDocument);
  const [isCreating, setCreating] = useState(false);
  const reload = () => ask({ requestPolicy: "network-only" });
  const cell = notebookCell(typeof window === "undefined" ? "" : window.location.origin, project.slug);
  const leave = async () => {
    await signOut({});
    router.push("/sign-in");
  };
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("title") }]} />
      <PageHeader title={t("title")} actions={<Button onClick={() => void leave()}>{t("signOut")}</Button>}>
        {t("signedInAs", { name: viewer.name })}
      </PageHeader>
      <Section
        title={t("keys")}
        actions={
          <Button icon="key" onClick={() => setCreating(true)}>
            {t("newKey")}
          </Button>
        }
      >
        <p className="mb-3 max-w-2xl text-ink-2">{t("keysHint")}</p>
        {error && !data && <ErrorState error={error} onRetry={reload} />}
        {!data && !error && <SkeletonRows rows={2} />}
        {data && <ApiKeyTable keys={data.viewer?.apiKeys ?? []} onRevoked={reload} />}
      </Section>
      <Section title={t("notebook")} actions={<CopyButton text={cell} />}>
        <p className="mb-3 max-w-2xl text-ink-2">{t("notebookHint")}</p>
        <TextArea
          readOnly
          rows={16}
          aria-label={t("notebook")}
          className="w-full bg-panel font-mono text-xs"
          value={cell}
        />
      </Section>
      <Section title={t("verdict")}>
        <GapThreshold project={project.slug} />
      </Section>
      {isCreating && <CreateApiKeyDialog onClose={() => setCreating(false)} onCreated={reload} />}
    </>
  );
}
