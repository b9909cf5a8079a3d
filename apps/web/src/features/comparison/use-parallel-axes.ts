"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type ParallelAxis, parallelAxis } from "@/features/comparison/parallel-axes";
import type { ComparisonRowViewFragment, ComparisonViewFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";
import { useFormat } from "@/lib/use-format";

/** More axes than this are not read side by side; those that tell more runs apart come first. */
const mostSettings = 8;

const results = {
  trainSeconds: (row: ComparisonRowViewFragment) => finite(row.trainSeconds),
  accuracyGap: (row: ComparisonRowViewFragment) => finite(row.accuracyGap?.estimate),
  valAccuracy: (row: ComparisonRowViewFragment) => finite(row.valAccuracy?.estimate),
} as const;
type Result = keyof typeof results;

const isResult = (field: string): field is Result => field in results;

/** The axes of a comparison: the settings in which its rows differ, then time, gap and accuracy. A row of several runs stands by its first. */
export function useParallelAxes(comparison: ComparisonViewFragment): {
  rows: readonly ComparisonRowViewFragment[];
  axes: readonly ParallelAxis[];
  nameOf: (field: string) => string;
  sayValue: (field: string, value: unknown) => string;
} {
  const t = useTranslations("comparison.parallel");
  const fields = useTranslations("launch.field") as unknown as ((field: string) => string) & {
    has: (field: string) => boolean;
  };
  const format = useFormat();
  const { rows, configDiff } = comparison;
  const axes = useMemo(() => {
    const settings = configDiff.map(({ field, values }) => {
      const byRun = new Map(values.map(({ run, value }) => [run, value]));
      return parallelAxis(
        field,
        rows.map(({ runs }) => byRun.get(runs[0]?.id ?? "") ?? null),
      );
    });
    const telling = settings
      .filter(({ stops }) => stops.length > 1)
      .toSorted((a, b) => b.stops.length - a.stops.length)
      .slice(0, mostSettings);
    const inOrder = settings.filter((axis) => telling.includes(axis));
    const measured = Object.entries(results)
      .map(([field, of]) => parallelAxis(field, rows.map(of)))
      .filter(({ stops }) => stops.length > 0);
    return [...inOrder, ...measured];
  }, [rows, configDiff]);
  const said: Record<Result, (value: number) => string> = {
    trainSeconds: format.duration,
    accuracyGap: (value) => format.points({ estimate: value })?.value ?? "",
    valAccuracy: (value) => format.percent({ estimate: value })?.value ?? "",
  };
  return {
    rows,
    axes,
    nameOf: (field) => (isResult(field) ? t(field) : fields.has(field) ? fields(field) : field),
    sayValue: (field, value) => {
      if (value === null || value === undefined) return "–";
      if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
      return isResult(field) ? said[field](value) : format.number(value);
    },
  };
}
