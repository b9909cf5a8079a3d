"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMutation } from "urql";
import type { PageRun } from "@/features/run/use-run";
import { SetGapPairsDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";

type Pair = { train: string; val: string };
const none: Pair = { train: "", val: "" };

/** Where the series that make a logged run's gap are chosen: those of its accuracy (or another score), those of its loss, or both. */
export function PairForm({ run, onDone }: { run: PageRun; onDone: () => void }) {
  const t = useTranslations("gap");
  const [{ fetching: isBusy }, setGapPairs] = useMutation(SetGapPairsDocument);
  const current = currentPairs(run);
  const [accuracy, setAccuracy] = useState(current.accuracy);
  const [loss, setLoss] = useState(current.loss);
  const save = async (pairs: { accuracy: Pair | null; loss: Pair | null }) => {
    const { error } = await setGapPairs({ run: run.id, ...pairs });
    if (reportFailure(error)) onDone();
  };
  const keys = run.metrics.map(({ key }) => key);
  const chosen = [accuracy, loss].filter(({ train, val }) => train !== "" || val !== "");
  const isComplete = chosen.length > 0 && chosen.every(({ train, val }) => train !== "" && val !== "" && train !== val);
  const orNull = (pair: Pair) => (pair.train === "" ? null : { train: pair.train, val: pair.val });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save({ accuracy: orNull(accuracy), loss: orNull(loss) });
      }}
    >
      <PairFields legend={t("accuracyPair")} keys={keys} pair={accuracy} onChange={setAccuracy} />
      <PairFields legend={t("lossPair")} keys={keys} pair={loss} onChange={setLoss} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" disabled={isBusy || !isComplete}>
          {t("save")}
        </Button>
        <Button look="quiet" disabled={isBusy} onClick={() => void save({ accuracy: null, loss: null })}>
          {t("byName")}
        </Button>
      </div>
    </form>
  );
}

function currentPairs({ generalizationGap: gap }: PageRun): { accuracy: Pair; loss: Pair } {
  const [first, second] = (gap?.pairs ?? []).map(({ train, val }) => ({ train, val }));
  if (gap?.measure === "LOSS") return { accuracy: none, loss: first ?? none };
  return { accuracy: first ?? none, loss: second ?? none };
}

function PairFields({
  legend,
  keys,
  pair,
  onChange,
}: {
  legend: string;
  keys: readonly string[];
  pair: Pair;
  onChange: (pair: Pair) => void;
}) {
  const t = useTranslations("gap");
  return (
    <fieldset className="flex flex-wrap items-end gap-3">
      <legend className="mb-1 text-ink-2">{legend}</legend>
      {(["train", "val"] as const).map((split) => (
        <Field key={split} label={t(split)}>
          {(control) => (
            <Select
              {...control}
              className="max-w-64"
              value={pair[split]}
              onChange={({ target }) => onChange({ ...pair, [split]: target.value })}
            >
              <option value="">–</option>
              {keys.map((key) => (
                <option key={key} value={key}>
                  {key}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
    </fieldset>
  );
}
