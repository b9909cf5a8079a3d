"use client";
import { useTranslations } from "next-intl";
import type { PreflightAnswer } from "@/features/launch/use-preflights";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { cx } from "@/ui/class-names";
import { Icon } from "@/ui/icon";

/** Before anything starts: does it fit, how long does it take, and what else should be known. */
export function PreflightSummary({ name, preflight }: { name: string; preflight: PreflightAnswer }) {
  const t = useTranslations("launch");
  const format = useFormat();
  const say = useSay();
  return (
    <section aria-label={t("preflightOf", { name })} className="flex flex-col gap-2">
      <h3 className="flex items-center gap-1.5 font-medium">
        <Icon name={preflight.fits ? "check" : "warning"} className={preflight.fits ? "text-accent" : "text-bad"} />
        {name}: {t(preflight.fits ? "fits" : "doesNotFit")}
      </h3>
      <dl className="tabular grid grid-cols-2 gap-x-4 gap-y-1 text-ink-2">
        <dt>{t("time")}</dt>
        <dd className="text-right">{preflight.seconds === null ? "–" : format.duration(preflight.seconds)}</dd>
        <dt>{t("timePerEpoch")}</dt>
        <dd className="text-right">
          {preflight.secondsPerEpoch === null ? "–" : format.duration(preflight.secondsPerEpoch)}
        </dd>
        {preflight.cost && (
          <>
            <dt>{t("cost")}</dt>
            <dd className="text-right">{format.money(preflight.cost)}</dd>
          </>
        )}
        <dt>{t("memory")}</dt>
        <dd className="text-right">
          {format.bytes(preflight.memoryBytes)}
          {preflight.availableBytes !== null && (
            <span className="text-ink-3"> / {format.bytes(preflight.availableBytes)}</span>
          )}
        </dd>
        <dt>{t("checkpoint")}</dt>
        <dd className="text-right">{format.bytes(preflight.checkpointBytes)}</dd>
      </dl>
      {preflight.findings.map((finding) => (
        <p
          key={finding.message.key}
          className={cx(
            "flex gap-1.5",
            finding.severity === "BAD" ? "text-bad" : finding.severity === "WARN" ? "text-warn" : "text-ink-2",
          )}
        >
          <Icon name={finding.severity === "INFO" ? "info" : "warning"} className="mt-0.5" />
          {say(finding.message)}
        </p>
      ))}
    </section>
  );
}
