"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { usePageAction } from "@/features/palette/page-actions";
import type { useRunActions } from "@/features/run-list/use-run-actions";
import { useShortcut } from "@/lib/shortcuts";
import { Button } from "@/ui/button";

/** What can be done with the selected runs; `c` compares them. */
export function SelectionBar({
  selection,
  onClear,
  onShare,
  actions,
}: {
  selection: readonly string[];
  onClear: () => void;
  onShare?: () => void;
  actions: ReturnType<typeof useRunActions>;
}) {
  const t = useTranslations("runList");
  const router = useRouter();
  const canCompare = selection.length >= 2;
  const compare = () => {
    if (canCompare) router.push(`/compare?runs=${selection.join(",")}`);
  };
  useShortcut("c", t("key.compare"), compare);
  usePageAction("compare", t("compareSelected", { count: selection.length }), canCompare ? compare : null);
  if (selection.length === 0) return null;
  return (
    <div role="toolbar" aria-label={t("selection")} className="flex flex-wrap items-center gap-2">
      <span className="tabular text-ink-2">{t("selected", { count: selection.length })}</span>
      <Button
        look="primary"
        icon="compare"
        disabled={!canCompare}
        onClick={compare}
        title={canCompare ? undefined : t("compareNeedsTwo")}
      >
        {t("compare")}
      </Button>
      {onShare && canCompare && (
        <Button icon="share" onClick={onShare}>
          {t("share")}
        </Button>
      )}
      <Button look="danger" icon="trash" onClick={() => void actions.trash(selection).then(onClear)}>
        {t("trash")}
      </Button>
      <Button look="quiet" onClick={onClear}>
        {t("clearSelection")}
      </Button>
    </div>
  );
}
