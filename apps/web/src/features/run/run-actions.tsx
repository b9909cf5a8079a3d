"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLaunch } from "@/features/launch/use-launch";
import { cloneConfig } from "@/features/run/clone-config";
import type { PageRun } from "@/features/run/use-run";
import { useRunActions } from "@/features/run-list/use-run-actions";
import { ShareDialog } from "@/features/share/share-dialog";
import { Button } from "@/ui/button";

/** What can be done with the run now: only what its status allows. */
export function RunActions({ run, onChanged }: { run: PageRun; onChanged: () => void }) {
  const t = useTranslations("run.action");
  const actions = useRunActions();
  const launch = useLaunch();
  const [isSharing, setSharing] = useState(false);
  const isTrained = run.origin === "TRAINED_HERE";
  const isActive = run.status === "RUNNING" || run.status === "QUEUED";
  const act = (action: (id: string) => Promise<unknown>) => () => void action(run.id).then(onChanged);
  return (
    <>
      {isTrained && run.status === "RUNNING" && (
        <Button icon="stop" title={t("stopHint")} disabled={run.stopRequested} onClick={act(actions.stop)}>
          {t("stop")}
        </Button>
      )}
      {isTrained && isActive && (
        <Button icon="close" look="danger" onClick={act(actions.cancel)}>
          {t("cancel")}
        </Button>
      )}
      {isTrained && (run.status === "STOPPED" || run.status === "FAILED") && (
        <Button icon="play" onClick={act(actions.resume)}>
          {t("resume")}
        </Button>
      )}
      {isTrained && (
        <Button
          icon="copy"
          onClick={() =>
            launch.open({ experiment: run.experiment.id, dataset: run.dataset?.id, config: cloneConfig(run.config) })
          }
        >
          {t("clone")}
        </Button>
      )}
      <Button icon="share" onClick={() => setSharing(true)}>
        {t("share")}
      </Button>
      {isSharing && (
        <ShareDialog target={{ scope: "RUN", run: run.id, name: run.name }} onClose={() => setSharing(false)} />
      )}
    </>
  );
}
