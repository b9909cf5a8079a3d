"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ArtifactItem } from "@/features/artifact/artifact-item";
import { UploadArea } from "@/features/artifact/upload-area";
import { useArtifacts } from "@/features/artifact/use-artifacts";
import { useUploads } from "@/features/artifact/use-uploads";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

/** The files of a run: weights, plots, whatever its team wants to keep beside its curves. */
export function FilesTab({ run }: { run: string }) {
  const t = useTranslations("artifact");
  const { done } = useUploads();
  const [isTrash, setTrash] = useState(false);
  const [changes, setChanges] = useState(0);
  return (
    <div className="flex flex-col gap-4" data-testid="files">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="max-w-prose text-ink-2">{t(isTrash ? "trashHint" : "hint")}</p>
        <Button look="quiet" icon={isTrash ? undefined : "trash"} onClick={() => setTrash(!isTrash)}>
          {t(isTrash ? "showFiles" : "showTrash")}
        </Button>
      </div>
      {!isTrash && <UploadArea run={run} />}
      <FileList
        key={String(isTrash)}
        run={run}
        isTrash={isTrash}
        version={done + changes}
        onChanged={() => setChanges((count) => count + 1)}
      />
    </div>
  );
}

function FileList(props: { run: string; isTrash: boolean; version: number; onChanged: () => void }) {
  const t = useTranslations("artifact");
  const list = useArtifacts(props);
  if (list.error) return <ErrorState error={list.error} onRetry={list.reload} />;
  if (!list.isLoaded) return <SkeletonRows rows={3} />;
  if (list.artifacts.length === 0) return <p className="text-ink-3">{t(props.isTrash ? "emptyTrash" : "empty")}</p>;
  return (
    <>
      <ul className="border-t">
        {list.artifacts.map((artifact) => (
          <ArtifactItem
            key={artifact.id}
            artifact={artifact}
            onDelete={() => void list.remove(artifact)}
            onRestore={() => void list.restore(artifact)}
          />
        ))}
      </ul>
      {list.more && (
        <Button className="self-start" onClick={list.more}>
          {t("more")}
        </Button>
      )}
    </>
  );
}
