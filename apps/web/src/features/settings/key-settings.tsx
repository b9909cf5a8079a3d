"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { CreateApiKeyDialog } from "@/features/settings/create-api-key-dialog";
import { notebookCell } from "@/features/settings/notebook-cell";
import { OwnKeyTable } from "@/features/settings/own-key-table";
import { ApiKeysDocument } from "@/gql/graphql";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { ErrorState } from "@/ui/error-state";
import { TextArea } from "@/ui/field";
import { SkeletonRows } from "@/ui/skeleton";

/** The viewer's API keys, and a notebook cell to start with. */
export function KeySettings() {
  const t = useTranslations("settings");
  const { project } = useSession();
  const [{ data, error }, ask] = useQuery({ query: ApiKeysDocument, requestPolicy: "cache-and-network" });
  const [isCreating, setCreating] = useState(false);
  const reload = () => ask({ requestPolicy: "network-only" });
  const cell = notebookCell(typeof window === "undefined" ? "" : window.location.origin, project.slug);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-2">{t("keysHint")}</p>
        <Button icon="key" onClick={() => setCreating(true)}>
          {t("newKey")}
        </Button>
      </div>
      {error && !data && <ErrorState error={error} onRetry={reload} />}
      {!data && !error && <SkeletonRows rows={2} />}
      {data && <OwnKeyTable keys={data.viewer?.apiKeys ?? []} onRevoked={reload} />}
      <div className="mt-3 flex items-center gap-2">
        <h3 className="flex-1 font-medium">{t("notebook")}</h3>
        <CopyButton text={cell} />
      </div>
      <p className="max-w-2xl text-ink-2">{t("notebookHint")}</p>
      <TextArea
        readOnly
        rows={16}
        aria-label={t("notebook")}
        className="w-full bg-panel font-mono text-xs"
        value={cell}
      />
      {isCreating && <CreateApiKeyDialog project={project} onClose={() => setCreating(false)} onCreated={reload} />}
    </div>
  );
}
