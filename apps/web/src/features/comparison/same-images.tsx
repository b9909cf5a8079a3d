"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { TwoJudgements } from "@/features/comparison/two-judgements";
import { ImageGallery, imagesOfPage } from "@/features/images/image-gallery";
import { type Agreement, type ComparisonViewFragment, DisagreementsDocument } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { setSearchParams, useUrlState } from "@/lib/use-url-state";
import { cx } from "@/ui/class-names";
import { ErrorState } from "@/ui/error-state";
import { Field, Select } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";

export interface JudgingRun {
  readonly id: string;
  readonly name: string;
  /** Of the evaluation that stands for it; null where several runs stand together, each at its best. */
  readonly step: number | null;
}

const counts = {
  ONLY_RUN_RIGHT: "onlyRunRight",
  ONLY_BASELINE_RIGHT: "onlyBaselineRight",
  BOTH_WRONG: "bothWrong",
  BOTH_RIGHT: "bothRight",
} as const satisfies Record<Agreement, string>;
const agreements = Object.keys(counts) as Agreement[];

/** The same images, two runs: which one of them is right where the other is not. */
export function SameImages({ comparison }: { comparison: ComparisonViewFragment }) {
  const t = useTranslations("comparison.images");
  const runs = comparison.rows.flatMap((row) =>
    row.runs.map(({ id, name }): JudgingRun => ({ id, name, step: row.runs.length === 1 ? row.step : null })),
  );
  const [chosen] = useUrlState("against", "");
  const base = comparison.rows.find(({ key }) => key === comparison.baseline)?.runs[0]?.id;
  const baseline = runs.find(({ id }) => id === base) ?? runs[0];
  const others = runs.filter(({ id }) => id !== baseline?.id);
  const run = others.find(({ id }) => id === chosen) ?? others[0];
  if (!run || !baseline) return null;
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <h2 className="text-base font-semibold">{t("title")}</h2>
      <div data-print="hide">
        <Field label={t("choose", { baseline: baseline.name })} className="max-w-md">
          {(control) => (
            <Select
              {...control}
              value={run.id}
              onChange={(event) => setSearchParams({ against: event.target.value, images: null })}
            >
              {others.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Disagreements key={`${run.id} ${baseline.id}`} run={run} baseline={baseline} />
      <TwoJudgements run={run} baseline={baseline} />
    </section>
  );
}

function Disagreements({ run, baseline }: { run: JudgingRun; baseline: JudgingRun }) {
  const t = useTranslations("comparison.images");
  const format = useFormat();
  const [chosen] = useUrlState("where", "ONLY_RUN_RIGHT");
  const where = agreements.find((known) => known === chosen) ?? "ONLY_RUN_RIGHT";
  const [pageText] = useUrlState("images", "1");
  const page = Math.max(0, (Number.parseInt(pageText, 10) || 1) - 1);
  const [{ data, error, fetching }] = useQuery({
    query: DisagreementsDocument,
    variables: {
      run: run.id,
      baseline: baseline.id,
      runStep: run.step,
      baselineStep: baseline.step,
      ...{ where, first: imagesOfPage, offset: page * imagesOfPage },
    },
  });
  if (error) return <ErrorState error={error} />;
  if (!data) return <Skeleton className="h-64 w-full" />;
  const found = data.disagreements;
  if (!found) return <p className="max-w-3xl text-ink-3">{t("none")}</p>;
  const names = { run: run.name, baseline: baseline.name };
  return (
    <>
      <fieldset className="flex min-w-0 flex-wrap gap-2" data-print="hide">
        <legend className="sr-only">{t("title")}</legend>
        {agreements.map((agreement) => (
          <label
            key={agreement}
            className={cx(
              "flex cursor-pointer items-center gap-2 rounded border px-2 py-1 text-sm",
              agreement === where ? "border-accent bg-accent-soft" : "border-line-strong",
            )}
          >
            <input
              type="radio"
              name="where"
              className="accent-accent"
              checked={agreement === where}
              onChange={() => setSearchParams({ where: agreement, images: null })}
            />
            <span className="min-w-0 break-words">{t(agreement, names)}</span>
            <span className="tabular text-ink-3">{format.count(found[counts[agreement]])}</span>
          </label>
        ))}
      </fieldset>
      <ImageGallery
        key={where}
        label={t(where, names)}
        images={found.images}
        page={page}
        isLoading={fetching}
        onPage={(to) => setSearchParams({ images: to === 0 ? null : String(to + 1) })}
        nameOf={(id) => (id === run.id ? run.name : baseline.name)}
        empty={t("empty")}
      />
    </>
  );
}
