"use client";
import { useTranslations } from "next-intl";
import type { CombinedError } from "urql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";

const titled = ["UNREACHABLE", "FORBIDDEN", "NOT_FOUND", "RATE_LIMITED"] as const;

/** What failed, why, and a button that tries again. */
export function ErrorState({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  const t = useTranslations("ui");
  const { code, message } = apiError(error);
  const title = titled.find((known) => known === code) ?? "OTHER";
  return (
    <div role="alert" className="mx-auto flex max-w-lg flex-col items-center gap-2 px-4 py-16 text-center">
      <h2 className="text-base font-semibold">{t(`error.${title}`)}</h2>
      <p className="text-ink-2">{code === "UNREACHABLE" ? t("unreachableHint") : message}</p>
      {onRetry && (
        <Button icon="refresh" onClick={onRetry} className="mt-2">
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
