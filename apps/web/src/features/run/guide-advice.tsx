"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { issueOfGap } from "@/features/run/verdict-issue";
import type { GapVerdict } from "@/gql/graphql";
import { useSay } from "@/lib/say";

/** The guide's cure for what the verdict says, in the order to try. Solutions are the guide's own words; the models page weighs them. */
export function GuideAdvice({ architecture, verdict }: { architecture: string | null; verdict: GapVerdict | null }) {
  const t = useTranslations("run.advice");
  const say = useSay();
  const issue = issueOfGap(verdict);
  return (
    <section aria-label={t("title")}>
      <h2 className="flex min-h-8 items-center text-sm font-medium">{t("title")}</h2>
      {!issue ? (
        <p className="text-ink-3">{t("none")}</p>
      ) : (
        <>
          <h3 className="font-semibold">{say(issue.name)}</h3>
          <p className="text-ink-2">{say(issue.problem)}</p>
          <ol className="mt-1 list-decimal pl-5">
            {issue.solutions.map(({ message }) => (
              <li key={message.key}>{say(message)}</li>
            ))}
          </ol>
          {architecture && (
            <Link
              href={`/models/${architecture}`}
              className="mt-2 inline-block text-accent underline"
              data-print="hide"
            >
              {t("more")}
            </Link>
          )}
        </>
      )}
    </section>
  );
}
