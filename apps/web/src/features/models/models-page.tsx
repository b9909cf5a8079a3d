"use client";
import { architectureFacts, architectureIds, multiplyAdds, parameterCount, trainingBounds } from "@residual/shared";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ArchitectureDrawing } from "@/features/models/architecture-drawing";
import { GuideChoices } from "@/features/models/guide-choices";
import { IssueList } from "@/features/models/issue-list";
import { PresetCards } from "@/features/models/preset-cards";
import { PageTrail } from "@/lib/page-trail";
import { useFormat } from "@/lib/use-format";
import { PageHeader, Section } from "@/ui/page";

/** The networks side by side, and the guide's advice that concerns all of them. */
export function ModelsPage() {
  const t = useTranslations("models");
  const format = useFormat();
  return (
    <>
      <PageTrail steps={[{ label: t("title") }]} />
      <PageHeader title={t("title")}>{t("explanation")}</PageHeader>
      <div className="flex flex-col">
        {architectureIds.map((id) => {
          const facts = architectureFacts(id);
          const bounds = trainingBounds(id);
          return (
            <section key={id} className="grid gap-x-8 gap-y-2 border-t px-4 py-4 md:px-6 xl:grid-cols-[16rem_1fr]">
              <div className="flex flex-col gap-1">
                <h2 className="text-base font-semibold">
                  <Link href={`/models/${id}`} className="text-accent hover:underline">
                    {facts.name}
                  </Link>
                </h2>
                <p className="tabular text-ink-2">
                  {t("row.parameters", { value: format.compact(parameterCount(id, 1000)) })}
                  <br />
                  {t("row.macs", { value: format.compact(multiplyAdds(id, 1000)) })}
                  <br />
                  {t("row.images", {
                    minimum: format.count(bounds.minimumImages),
                    optimal: format.count(bounds.optimalImages),
                  })}
                </p>
              </div>
              <ArchitectureDrawing architecture={id} />
            </section>
          );
        })}
      </div>
      <Section title={t("section.choice")}>
        <GuideChoices />
      </Section>
      <Section title={t("section.presets")}>
        <PresetCards />
      </Section>
      <Section title={t("section.issues")}>
        <IssueList />
      </Section>
    </>
  );
}
