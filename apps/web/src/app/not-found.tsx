import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { buttonClasses } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";

export default async function NotFound() {
  const t = await getTranslations("ui");
  return (
    <EmptyState
      title={t("notFound")}
      action={
        <Link href="/" className={buttonClasses("primary")}>
          {t("toStart")}
        </Link>
      }
    >
      {t("notFoundHint")}
    </EmptyState>
  );
}
