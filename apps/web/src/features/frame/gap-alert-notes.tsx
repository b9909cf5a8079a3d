"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useSubscription } from "urql";
import { useSession } from "@/features/frame/session";
import { GapAlertsDocument, type GapVerdict } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { showToast } from "@/lib/toast";

/** Verdicts that call for somebody; the others are news for whoever looks at the run. */
const alarming: readonly GapVerdict[] = ["OVERFITTING", "OVERCONFIDENT", "DIVERGED"];

/** Says in a note that a run of the project has begun to overfit. Keeps the live connection open, whatever page is on screen. */
export function GapAlertNotes() {
  const t = useTranslations("frame");
  const router = useRouter();
  const say = useSay();
  const { project } = useSession();
  const [{ data }] = useSubscription({ query: GapAlertsDocument, variables: { project: project.slug } });
  const alert = data?.gapAlerts;
  useEffect(() => {
    if (!alert || !alarming.includes(alert.gap.verdict)) return;
    showToast(`${alert.run.name}: ${say(alert.gap.explanation)}`, {
      tone: alert.gap.verdict === "DIVERGED" ? "bad" : "warn",
      action: { label: t("openRun"), run: () => router.push(`/runs/${alert.run.id}`) },
    });
  }, [alert, say, t, router]);
  return null;
}
