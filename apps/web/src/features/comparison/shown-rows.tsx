"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";

/** So many rows of a table are read, and drawn at once; whoever wants to see all of them says so. */
const mostRows = 100;

/** The first rows of a long table, and the button that shows the rest; null where there is no rest. */
export function useShownRows<Row>(rows: readonly Row[]) {
  const t = useTranslations("comparison");
  const format = useFormat();
  const [isAll, setAll] = useState(false);
  const more =
    rows.length > mostRows && !isAll ? (
      <p className="flex flex-wrap items-center gap-3 py-2 text-ink-3">
        {t("rows.shown", { shown: format.count(mostRows), total: format.count(rows.length) })}
        <Button look="quiet" onClick={() => setAll(true)}>
          {t("rows.all")}
        </Button>
      </p>
    ) : null;
  return { shown: isAll ? rows : rows.slice(0, mostRows), more };
}
