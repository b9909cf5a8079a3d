"use client";
import { useTranslations } from "next-intl";
import { useMutation, useQuery } from "urql";
import { GapThresholdDocument, SetGapThresholdDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { showToast } from "@/lib/toast";
import { useFormat } from "@/lib/use-format";
import { Field, Select } from "@/ui/field";

const thresholds = [0.02, 0.03, 0.05, 0.1, 0.15, 0.2] as const;

/** From where on a gap counts in the project: in verdicts, alerts and advice. */
export function GapThreshold({ project }: { project: string }) {
  const t = useTranslations("gap");
  const format = useFormat();
  const [{ data }] = useQuery({ query: GapThresholdDocument, variables: { project } });
  const [{ fetching: isBusy }, setThreshold] = useMutation(SetGapThresholdDocument);
  const current = data?.project?.gapThreshold;
  if (current === undefined) return null;
  const choices = [...new Set([...thresholds, current])].sort((a, b) => a - b);
  const change = async (threshold: number) => {
    const { error } = await setThreshold({ project, threshold });
    if (reportFailure(error)) showToast(t("saved"));
  };
  return (
    <Field label={t("threshold")} hint={t("thresholdHint")} className="max-w-md">
      {(control) => (
        <Select
          {...control}
          className="max-w-48"
          disabled={isBusy}
          value={String(current)}
          onChange={(event) => void change(Number(event.target.value))}
        >
          {choices.map((one) => (
            <option key={one} value={String(one)}>
              {t("points", { points: format.number(Math.round(one * 1_000) / 10) })}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
