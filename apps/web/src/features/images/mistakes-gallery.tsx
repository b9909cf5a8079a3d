"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { ImageGallery, imagesOfPage } from "@/features/images/image-gallery";
import { type JudgedImagePageFragment, RunMistakesDocument, TestMistakesDocument } from "@/gql/graphql";
import { setSearchParams, useUrlState } from "@/lib/use-url-state";
import { ErrorState } from "@/ui/error-state";
import { Field, Select } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";

/** What an evaluation got wrong, the most confident mistakes first; of one class, or taken for one, where that is asked. */
export function ValMistakes({ run, step, classes }: { run: string; step: number; classes: readonly string[] }) {
  const t = useTranslations("images");
  const choice = useMistakeChoice("");
  const [{ data, error, fetching }] = useQuery({
    query: RunMistakesDocument,
    variables: { run, step, ...choice.variables },
  });
  if (error) return <ErrorState error={error} />;
  return (
    <Mistakes
      title={t("title")}
      images={data && (data.run?.evaluation?.val.mistakes ?? null)}
      classes={classes}
      choice={choice}
      isLoading={fetching}
    />
  );
}

/** The same of the test split. */
export function TestMistakes({ run, classes }: { run: string; classes: readonly string[] }) {
  const t = useTranslations("images");
  const choice = useMistakeChoice("test");
  const [{ data, error, fetching }] = useQuery({
    query: TestMistakesDocument,
    variables: { run, ...choice.variables },
  });
  if (error) return <ErrorState error={error} />;
  return (
    <Mistakes
      title={t("testTitle")}
      images={data && (data.run?.testScore?.mistakes ?? null)}
      classes={classes}
      choice={choice}
      isLoading={fetching}
    />
  );
}

type MistakeChoice = ReturnType<typeof useMistakeChoice>;

/** Which mistakes are looked at, kept in the address under names that begin with `prefix`. */
function useMistakeChoice(prefix: string) {
  const names = { page: `${prefix}images`, truth: `${prefix}truth`, taken: `${prefix}taken` };
  const [pageText] = useUrlState(names.page, "1");
  const [truth] = useUrlState(names.truth, "");
  const [taken] = useUrlState(names.taken, "");
  const page = Math.max(0, (Number.parseInt(pageText, 10) || 1) - 1);
  return {
    page,
    truth,
    taken,
    variables: {
      first: imagesOfPage,
      offset: page * imagesOfPage,
      truth: truth || null,
      predicted: taken || null,
    },
    turn: (to: number) => setSearchParams({ [names.page]: to === 0 ? null : String(to + 1) }),
    choose: (what: "truth" | "taken", name: string) =>
      setSearchParams({ [names[what]]: name || null, [names.page]: null }),
  };
}

function Mistakes({
  title,
  images,
  classes,
  choice,
  isLoading,
}: {
  title: string;
  /** Undefined until they are here, null where predictions were not stored. */
  images: JudgedImagePageFragment | null | undefined;
  classes: readonly string[];
  choice: MistakeChoice;
  isLoading: boolean;
}) {
  const t = useTranslations("images");
  const isChosen = choice.truth !== "" || choice.taken !== "";
  return (
    <section className="min-w-0">
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="mb-2 text-ink-3">{images === null ? t("noPredictions") : t("hint")}</p>
      {images !== null && (
        <div className="mb-3 flex flex-wrap gap-3" data-print="hide">
          {(["truth", "taken"] as const).map((what) => (
            <Field key={what} label={t(`${what}Filter`)} className="w-48">
              {(control) => (
                <Select {...control} value={choice[what]} onChange={(event) => choice.choose(what, event.target.value)}>
                  <option value="">{t("any")}</option>
                  {classes.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          ))}
        </div>
      )}
      {images === undefined && <Skeleton className="h-64 w-full" />}
      {images && (
        <ImageGallery
          label={title}
          images={images}
          page={choice.page}
          isLoading={isLoading}
          onPage={choice.turn}
          nameOf={() => ""}
          empty={t(isChosen ? "noneOfThese" : "none")}
        />
      )}
    </section>
  );
}
