"use client";
import { architectureName, type DoctorReport, isArchitectureId } from "@residual/shared";
import { useTranslations } from "next-intl";
import { speedGroups } from "@/features/worker/doctor-report";
import { useFormat } from "@/lib/use-format";

/** Images a second of whole training steps: a bar for each executor, network by network. */
export function DoctorSpeeds({ report }: { report: DoctorReport }) {
  const t = useTranslations("worker.doctor");
  const format = useFormat();
  const groups = speedGroups(report);
  if (groups.length === 0) return <p className="text-ink-3">{t("noSpeeds")}</p>;
  return (
    <div className="grid max-w-4xl gap-6 sm:grid-cols-2">
      {groups.map(({ architecture, imageSize, batchSize, bars }) => (
        <table key={`${architecture} ${imageSize} ${batchSize}`} className="w-full self-start text-sm">
          <caption className="pb-1 text-left">
            <span className="font-medium">
              {isArchitectureId(architecture) ? architectureName(architecture) : architecture}
            </span>{" "}
            <span className="text-ink-3">{t("setting", { imageSize, batchSize })}</span>
          </caption>
          <tbody>
            {bars.map(({ executor, imagesPerSecond, problem, share }) => (
              <tr key={executor} className="border-b">
                <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                  {executor}
                </th>
                {imagesPerSecond === null ? (
                  <td colSpan={2} className="py-1 break-words text-bad">
                    {problem ?? "–"}
                  </td>
                ) : (
                  <>
                    <td className="w-1/2 py-1 pr-3">
                      <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full" aria-hidden="true">
                        <rect x="0" y="1" width="100" height="8" fill="var(--hover)" />
                        <rect x="0" y="1" width={share * 100} height="8" fill="var(--accent)" />
                      </svg>
                    </td>
                    <td className="tabular py-1 text-right whitespace-nowrap">
                      {t("imagesPerSecond", { value: format.number(imagesPerSecond) })}
                    </td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
