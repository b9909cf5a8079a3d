"use client";
import type { RunQueryProblem } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useSay } from "@/lib/say";
import { Button } from "@/ui/button";

type Suggestion = NonNullable<RunQueryProblem["suggestion"]>;

/** Why the typed text is no query, under its field, and what was meant as a button. */
export function QueryProblem({
  id,
  problem,
  onSuggestion,
}: {
  id: string;
  problem: RunQueryProblem;
  onSuggestion: (suggestion: Suggestion) => void;
}) {
  const t = useTranslations("runList");
  const say = useSay();
  const { message, offset, suggestion } = problem;
  return (
    <div
      id={id}
      role="status"
      className="absolute top-full left-0 z-20 mt-1 flex w-full min-w-64 flex-wrap items-center gap-2 rounded border border-line-strong bg-raised p-2 text-xs text-bad shadow-dialog"
    >
      <span>
        {say(message)} <span className="text-ink-3">{t("atColumn", { column: offset + 1 })}</span>
      </span>
      {suggestion && (
        <Button onPointerDown={(event) => event.preventDefault()} onClick={() => onSuggestion(suggestion)}>
          {suggestion.text === "" ? t("removeIt") : t("didYouMean", { text: suggestion.text })}
        </Button>
      )}
    </div>
  );
}
