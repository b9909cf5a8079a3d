"use client";
import { useTranslations } from "next-intl";
import { useSession } from "@/features/frame/session";
import { ShareLinks } from "@/features/share/share-links";
import { PageTrail } from "@/lib/page-trail";
import { PageHeader } from "@/ui/page";

/** All links that were given out from this project. */
export function LinksPage() {
  const t = useTranslations("frame");
  const { project } = useSession();
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("place.links") }]} />
      <PageHeader title={t("place.links")} />
      <div className="border-t px-4 py-3 md:px-6">
        <ShareLinks project={project.slug} />
      </div>
    </>
  );
}
