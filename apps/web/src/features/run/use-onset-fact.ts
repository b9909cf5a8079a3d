import { useTranslations } from "next-intl";
import type { RunViewFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";

/** Since when training has hurt, and what was trained since; null where no epoch can be named. */
export function useOnsetFact(
  gap: RunViewFragment["generalizationGap"],
): { label: string; value: string; note?: string } | null {
  const t = useTranslations("run.numbers");
  const format = useFormat();
  if (gap === null || gap.onsetEpoch === null) return null;
  const epochs = (value: number) => format.decimal(value, Number.isInteger(value) ? 0 : 1);
  return {
    label: t("onset"),
    value: t("onsetEpoch", { epoch: epochs(gap.onsetEpoch) }),
    note: gap.wastedEpochs
      ? // A script that logs its whole course at once tells of no time.
        t(gap.wastedSeconds ? "wasted" : "wastedEpochs", {
          epochs: epochs(gap.wastedEpochs),
          time: format.duration(gap.wastedSeconds ?? 0),
        })
      : undefined,
  };
}
