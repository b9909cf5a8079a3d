"use client";
import { useTranslations } from "next-intl";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";

/** What stands in the place of a page that broke while it was drawn. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  const t = useTranslations("ui");
  return (
    <div role="alert">
      <EmptyState
        title={t("broken")}
        action={
          <Button icon="refresh" onClick={reset}>
            {t("retry")}
          </Button>
        }
      >
        {error.message}
      </EmptyState>
    </div>
  );
}
