"use client";
import { type ArchitectureId, estimateMemory, trainingBounds } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useFormat } from "@/lib/use-format";
import { ScrollRegion } from "@/ui/scroll-region";

const cell = "border-b py-1.5 pr-6 text-right";
const imageSizes = [64, 128, 224] as const;
const batchSizes = [4, 8, 16, 32] as const;

/** What the guide asks of a GPU beside what a batch takes by our memory model, with AdamW and ten classes. */
export function HardwareTable({ architecture }: { architecture: ArchitectureId }) {
  const t = useTranslations("models.hardware");
  const format = useFormat();
  const { batchSize, minimumGpuGigabytes } = trainingBounds(architecture);
  const batches = batchSizes.filter((batch) => batch >= batchSize.min && batch <= batchSize.max);
  return (
    <>
      <p className="mb-2 text-ink-2">
        {t("guide", { gigabytes: minimumGpuGigabytes })} {t("model")}
      </p>
      <ScrollRegion label={t("batch")}>
        <table className="text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              <th scope="col" className={`${cell} text-left font-normal`}>
                {t("batch")}
              </th>
              {imageSizes.map((size) => (
                <th key={size} scope="col" className={`${cell} font-normal`}>
                  {t("size", { size })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {batches.map((batch) => (
              <tr key={batch}>
                <th scope="row" className={`${cell} text-left font-normal`}>
                  {batch}
                </th>
                {imageSizes.map((imageSize) => (
                  <td key={imageSize} className={cell}>
                    {format.bytes(
                      estimateMemory({ architecture, imageSize, batchSize: batch, optimizer: "ADAMW" }, 10),
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
