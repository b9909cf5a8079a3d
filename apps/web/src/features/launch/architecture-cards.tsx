"use client";
import { useTranslations } from "next-intl";
import type { PreflightAnswer } from "@/features/launch/use-preflights";
import type { ArchitectureId, LaunchOptionsQuery } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { cx } from "@/ui/class-names";

/** One card an architecture: its size, its cost, and how long it would take here. Several can be chosen: then it is a sweep. */
export function ArchitectureCards({
  architectures,
  chosen,
  onChosen,
  preflights,
}: {
  architectures: LaunchOptionsQuery["architectures"];
  chosen: readonly ArchitectureId[];
  onChosen: (ids: ArchitectureId[]) => void;
  preflights: ReadonlyMap<ArchitectureId, PreflightAnswer>;
}) {
  const t = useTranslations("launch");
  const format = useFormat();
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("architectures")}</legend>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5">
        {architectures.map(({ id, name, parameters, macs }) => {
          const isChosen = chosen.includes(id);
          const preflight = preflights.get(id);
          return (
            <label
              key={id}
              className={cx(
                "flex cursor-pointer flex-col gap-0.5 rounded border p-2.5 focus-within:outline-2 focus-within:outline-accent",
                isChosen ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
              )}
            >
              <span className="flex items-center gap-1.5 font-medium whitespace-nowrap">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={isChosen}
                  onChange={() => onChosen(isChosen ? chosen.filter((other) => other !== id) : [...chosen, id])}
                />
                {name}
              </span>
              <span className="tabular text-xs text-ink-2">
                {t("parameters", { value: format.compact(parameters) })}
                <br />
                {t("macs", { value: format.compact(preflight?.macs ?? macs) })}
              </span>
              <span className={cx("tabular text-xs", preflight && !preflight.fits ? "text-bad" : "text-ink-2")}>
                {preflight && !preflight.fits
                  ? t("doesNotFit")
                  : preflight?.seconds
                    ? t("takes", { time: format.duration(preflight.seconds) })
                    : t("timeUnknown")}
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
