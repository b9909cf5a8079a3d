"use client";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { Evidence } from "@/features/experiment/evidence";
import { ExperimentAnswerDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { useSay } from "@/lib/say";
import { cx } from "@/ui/class-names";
import { Icon } from "@/ui/icon";
import { Skeleton } from "@/ui/skeleton";

/**
 * What the experiment says so far, in one sentence; "why?" unfolds the tests and what makes the comparison unfair.
 * revision: rises whenever runs changed so that the sentence may have. isPaused: the rows of the table come first; comparing a thousand runs
 * keeps the API busy for longer than listing them.
 */
export function Answer({
  experiment,
  revision,
  isPaused,
}: {
  experiment: string;
  revision: number;
  isPaused: boolean;
}) {
  const t = useTranslations("experiment");
  const say = useSay();
  const [isOpen, setOpen] = useState(false);
  const [{ data, error, fetching }] = useQuery({
    query: ExperimentAnswerDocument,
    variables: { id: experiment },
    requestPolicy: "cache-and-network",
    pause: isPaused,
    // A new context is a new question: urql asks again when the revision rises.
    context: useMemo(() => ({ revision }), [revision]),
  });
  const comparison = data?.experiment?.comparison;
  if (error && !comparison)
    return <p className="text-ink-3">{t("answerFailed", { reason: apiError(error).message })}</p>;
  if (!data) return <Skeleton className="my-1 h-6 w-full max-w-3xl" />;
  if (!comparison) return <p className="text-lg text-ink-3">{t("noAnswerYet")}</p>;
  const gravest = comparison.fairness.some(({ severity }) => severity === "BAD") ? "bad" : "warn";
  const warnings = comparison.fairness.filter(({ severity }) => severity !== "INFO").length;
  return (
    <div>
      <p className={cx("max-w-4xl text-lg text-pretty", fetching && "opacity-90")} aria-live="polite">
        {say(comparison.sentence)}{" "}
        {comparison.outlook && <span className="text-ink-3">{say(comparison.outlook)} </span>}
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="inline-flex items-center gap-0.5 text-sm whitespace-nowrap text-accent hover:underline"
        >
          {t("why")}
          <Icon name={isOpen ? "chevronUp" : "chevronDown"} className="size-3" />
        </button>
        {warnings > 0 && !isOpen && (
          <button
            type="button"
            onClick={() => setOpen(true)}
            className={cx(
              "ml-2 inline-flex items-center gap-1 text-sm whitespace-nowrap hover:underline",
              gravest === "bad" ? "text-bad" : "text-warn",
            )}
          >
            <Icon name="warning" className="size-3.5" />
            {t("fairnessCount", { count: warnings })}
          </button>
        )}
      </p>
      {isOpen && <Evidence comparison={comparison} />}
    </div>
  );
}
