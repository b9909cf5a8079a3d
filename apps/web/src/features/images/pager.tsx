"use client";
import { useTranslations } from "next-intl";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";

/** Which part of a long list is shown, and the way to the others. `page` counts from 0. */
export function Pager({
  label,
  page,
  pageSize,
  total,
  onPage,
}: {
  label: string;
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}) {
  const t = useTranslations("images");
  const format = useFormat();
  const last = Math.max(0, Math.ceil(total / pageSize) - 1);
  const shown = {
    from: format.count(Math.min(total, page * pageSize + 1)),
    to: format.count(Math.min(total, (page + 1) * pageSize)),
    total: format.count(total),
  };
  return (
    <nav aria-label={t("pages", { label })} className="flex flex-wrap items-center gap-2 text-sm" data-print="hide">
      <span className="tabular text-ink-3" role="status">
        {t("shown", shown)}
      </span>
      {last > 0 && (
        <>
          <Button look="quiet" disabled={page <= 0} onClick={() => onPage(0)}>
            {t("first")}
          </Button>
          <Button disabled={page <= 0} onClick={() => onPage(page - 1)}>
            {t("previous")}
          </Button>
          <Button disabled={page >= last} onClick={() => onPage(page + 1)}>
            {t("next")}
          </Button>
          <Button look="quiet" disabled={page >= last} onClick={() => onPage(last)}>
            {t("last")}
          </Button>
        </>
      )}
    </nav>
  );
}
