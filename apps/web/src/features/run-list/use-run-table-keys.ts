"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { RunRowFragment } from "@/gql/graphql";
import { useShortcut } from "@/lib/shortcuts";

/** j and k walk through the rows, x selects, Enter opens, Esc lets go. Returns the id of the run that has the cursor. */
export function useRunTableKeys(
  runs: readonly RunRowFragment[],
  onToggle: (id: string) => void,
  onReveal: (index: number) => void,
): string | null {
  const t = useTranslations("runList");
  const router = useRouter();
  const [focused, setFocused] = useState<string | null>(null);
  const index = runs.findIndex(({ id }) => id === focused);

  const moveTo = (next: number) => {
    const run = runs[Math.max(0, Math.min(runs.length - 1, next))];
    if (!run) return;
    setFocused(run.id);
    onReveal(runs.indexOf(run));
  };
  useShortcut("j", t("key.next"), () => moveTo(index + 1));
  useShortcut("k", t("key.previous"), () => moveTo(index < 0 ? 0 : index - 1));
  useShortcut("x", t("key.select"), () => focused && onToggle(focused));
  useShortcut("Enter", t("key.open"), (event) => {
    // Enter on a link or a button means that, not the row under the cursor.
    if (event.target instanceof HTMLElement && event.target.closest("a, button, summary")) {
      event.target.closest<HTMLElement>("a, button, summary")?.click();
    } else if (focused) router.push(`/runs/${focused}`);
  });
  useShortcut("Escape", t("key.release"), () => setFocused(null));
  return index < 0 ? null : focused;
}
