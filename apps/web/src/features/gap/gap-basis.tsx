"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMutation } from "urql";
import type { PageRun } from "@/features/run/use-run";
import { SetGapPairsDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { useSay } from "@/lib/say";
import { showToast } from "@/lib/toast";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";

/** Which series a logged run's gap is read from, what that makes of it, and where the pair can be changed. */
export function GapBasis({ run, onChanged }: { run: PageRun; onChanged: () => void }) {
  const t = useTranslations("gap");
  const say = useSay();
  const [isEditing, setEditing] = useState(false);
  if (run.origin !== "LOGGED" || run.metrics.length < 2) return null;
  const gap = run.generalizationGap;
  // A run that logged evaluations needs no pair.
  if (gap && gap.pairs.length === 0) return null;
  return (
    <section aria-label={t("title")} className="flex max-w-3xl flex-col gap-2">
      <p className="text-ink-2">
        {gap ? t("from", { pairs: gap.pairs.map(({ train, val }) => `${train} – ${val}`).join(", ") }) : t("none")}{" "}
        <button type="button" className="text-accent underline" onClick={() => setEditing(!isEditing)}>
          {t("change")}
        </button>
      </p>
      {run.curves.accuracyInPercent && <p className="text-ink-3">{t("inPercent")}</p>}
      {gap?.reservation && <p className="text-warn">{say(gap.reservation)}</p>}
      {isEditing && (
        <PairForm
          run={run}
          onDone={() => {
            setEditing(false);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

function PairForm({ run, onDone }: { run: PageRun; onDone: () => void }) {
  const t = useTranslations("gap");
  const [{ fetching: isBusy }, setGapPairs] = useMutation(SetGapPairsDocument);
  const current = run.generalizationGap?.pairs[0];
  const [train, setTrain] = useState(current?.train ?? "");
  const [val, setVal] = useState(current?.val ?? "");
  const save = async (accuracy: { train: string; val: string } | null) => {
    const { error } = await setGapPairs({ run: run.id, accuracy });
    if (error) showToast(apiError(error).message, { tone: "bad" });
    else onDone();
  };
  const choices = (
    <>
      <option value="">–</option>
      {run.metrics.map(({ key }) => (
        <option key={key} value={key}>
          {key}
        </option>
      ))}
    </>
  );
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save({ train, val });
      }}
    >
      <Field label={t("train")}>
        {(control) => (
          <Select {...control} className="max-w-64" value={train} onChange={(event) => setTrain(event.target.value)}>
            {choices}
          </Select>
        )}
      </Field>
      <Field label={t("val")}>
        {(control) => (
          <Select {...control} className="max-w-64" value={val} onChange={(event) => setVal(event.target.value)}>
            {choices}
          </Select>
        )}
      </Field>
      <Button type="submit" disabled={isBusy || train === "" || val === "" || train === val}>
        {t("save")}
      </Button>
      <Button look="quiet" disabled={isBusy} onClick={() => void save(null)}>
        {t("byName")}
      </Button>
    </form>
  );
}
