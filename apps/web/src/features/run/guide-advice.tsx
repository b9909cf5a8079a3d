"use client";
import { architectureName, type GuideSolution } from "@residual/shared";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { guidedArchitecture, issueOfGap, smallerArchitecture } from "@/features/run/verdict-issue";
import type { GapVerdict } from "@/gql/graphql";
import { useSay } from "@/lib/say";

/** The guide's cure for what the verdict says, in the order to try; its step to a smaller network is said for the network at hand. */
export function GuideAdvice({ architecture, verdict }: { architecture: string | null; verdict: GapVerdict | null }) {
  const t = useTranslations("run.advice");
  const say = useSay();
  const issue = issueOfGap(verdict);
  const next = smallerArchitecture(architecture);
  const isGuided = architecture === guidedArchitecture;
  const solution = ({ field, message }: GuideSolution): string | null => {
    if (field !== "architecture" || isGuided) return say(message);
    return next && t("smaller", { name: architectureName(next) });
  };
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
            {issue.solutions.map((offered) => {
              const text = solution(offered);
              return text && <li key={offered.message.key}>{text}</li>;
            })}
          </ol>
          {!isGuided && <p className="mt-1 text-xs text-ink-3">{t("origin")}</p>}
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
