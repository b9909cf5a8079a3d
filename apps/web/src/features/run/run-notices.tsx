"use client";
import { useTranslations } from "next-intl";
import type { RunNoticeKind, RunViewFragment } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Chip, type Tone } from "@/ui/chip";
import { RelativeTime } from "@/ui/relative-time";

const tones: Record<RunNoticeKind, Tone> = {
  TRAINED_FROM_SCRATCH: "warn",
  BATCH_NORM_FROZEN: "neutral",
  BATCH_CUT: "neutral",
  OUT_OF_MEMORY: "warn",
  DIVERGED: "bad",
  STAGE_UNFROZEN: "neutral",
  EARLY_STOPPED: "accent",
  PRECISION: "neutral",
};

/** What the training did on its own account, or met with, by step. Nothing where it only trained. */
export function RunNotices({ notices }: { notices: RunViewFragment["notices"] }) {
  const t = useTranslations("run.notices");
  const say = useSay();
  const format = useFormat();
  if (notices.length === 0) return null;
  return (
    <section>
      <h2 className="mb-2 text-base font-semibold">{t("title")}</h2>
      <ol className="flex max-w-4xl flex-col border-l-2 border-line-strong">
        {notices.map(({ step, kind, createdAt, message }) => (
          <li
            key={`${step} ${kind} ${message.text}`}
            className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-1.5 pl-4"
          >
            <span className="tabular text-xs whitespace-nowrap text-ink-3">
              {t("step", { step: format.count(step) })}
            </span>
            <Chip tone={tones[kind]}>{t(`kind.${kind}`)}</Chip>
            <span className="min-w-0 basis-full break-words sm:basis-0 sm:grow">{say(message)}</span>
            <span className="text-xs whitespace-nowrap text-ink-3">
              <RelativeTime at={createdAt} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
