"use client";
import { type ArchitectureId, datasetSizeClass } from "@residual/shared";
import { useTranslations } from "next-intl";
import { sizeRows } from "@/features/models/size-rows";
import { useFormat } from "@/lib/use-format";
import { cx } from "@/ui/class-names";
import { ScrollRegion } from "@/ui/scroll-region";

const cell = "border-b py-1.5 pr-5 text-left";
const columns = ["images", "epochs", "learningRate", "batchSize", "augmentation"] as const;

/** What the guide advises for each size of dataset; the row of the chosen dataset is marked. */
export function SizeTable({ architecture, images }: { architecture: ArchitectureId; images: number | null }) {
  const t = useTranslations("models.size");
  const format = useFormat();
  const own = images === null ? null : datasetSizeClass(architecture, images);
  return (
    <ScrollRegion label={t("class")}>
      <table className="text-sm">
        <thead className="text-xs text-ink-3">
          <tr>
            <th scope="col" className={`${cell} font-normal`}>
              {t("class")}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className={`${cell} font-normal`}>
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sizeRows(architecture).map(({ sizeClass, from, to, recommended }) => (
            <tr
              key={sizeClass}
              className={cx(sizeClass === own && "bg-accent-soft")}
              aria-current={sizeClass === own || undefined}
            >
              <th scope="row" className={`${cell} font-normal`}>
                {t(`name.${sizeClass}`)}
                {sizeClass === own && <span className="text-accent"> {t("yours")}</span>}
              </th>
              <td className={cell}>
                {to === null
                  ? t("from", { count: format.count(from) })
                  : from === 0
                    ? t("below", { count: format.count(to + 1) })
                    : `${format.count(from)} … ${format.count(to)}`}
              </td>
              <td className={cell}>{recommended.epochs}</td>
              <td className={cell}>{format.number(recommended.learningRate)}</td>
              <td className={cell}>{recommended.batchSize}</td>
              <td className={cell}>{t(`level.${recommended.augmentation}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
