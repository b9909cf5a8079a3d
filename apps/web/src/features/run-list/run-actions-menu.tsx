"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRunActions } from "@/features/run-list/use-run-actions";
import type { RunRowFragment } from "@/gql/graphql";
import { IconButton } from "@/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

/** The menu at the end of a run's row: only what its status allows. */
export function RunActionsMenu({ run, actions }: { run: RunRowFragment; actions: ReturnType<typeof useRunActions> }) {
  const t = useTranslations("runList");
  const router = useRouter();
  const isActive = run.status === "RUNNING" || run.status === "QUEUED";
  const isResumable = run.origin === "TRAINED_HERE" && (run.status === "STOPPED" || run.status === "FAILED");
  return (
    <Menu trigger={<IconButton icon="more" label={t("actionsOf", { name: run.name })} />}>
      <MenuItem icon="run" onSelect={() => router.push(`/runs/${run.id}`)}>
        {t("open")}
      </MenuItem>
      {run.status === "RUNNING" && (
        <MenuItem icon="stop" disabled={run.stopRequested} onSelect={() => void actions.stop(run.id)}>
          {t("stop")}
        </MenuItem>
      )}
      {isActive && (
        <MenuItem icon="close" onSelect={() => void actions.cancel(run.id)}>
          {t("cancel")}
        </MenuItem>
      )}
      {isResumable && (
        <MenuItem icon="play" onSelect={() => void actions.resume(run.id)}>
          {t("resume")}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon="trash" danger onSelect={() => void actions.trash([run.id])}>
        {t("trash")}
      </MenuItem>
    </Menu>
  );
}
