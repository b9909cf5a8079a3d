"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { configRows } from "@/features/run/config-rows";
import { startRunQuery } from "@/features/run/start-run-query";
import type { PageRun } from "@/features/run/use-run";
import { ExperimentRunNamesDocument, RunConfigDocument } from "@/gql/graphql";
import { useUrlState } from "@/lib/use-url-state";
import { cx } from "@/ui/class-names";
import { CopyButton } from "@/ui/copy-button";
import { Checkbox, Select } from "@/ui/field";

/** The run's settings, beside another run's where one is chosen. */
export function ConfigTab({ run }: { run: PageRun }) {
  const t = useTranslations("run.config");
  const [otherId, setOther] = useUrlState("against", "");
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const [{ data: names }] = useQuery({
    query: ExperimentRunNamesDocument,
    variables: { experiment: run.experiment.id },
  });
  const [{ data: other }] = useQuery({ query: RunConfigDocument, variables: { run: otherId }, pause: otherId === "" });
  const compared = otherId !== "" && other?.run?.id === otherId ? other.run : null;
  const rows = configRows(run.config, compared ? compared.config : undefined);
  const shown = compared && onlyDifferent ? rows.filter(({ isDifferent }) => isDifferent) : rows;
  const query = startRunQuery({
    config: run.config,
    experiment: run.experiment.id,
    dataset: run.dataset?.id ?? null,
    name: run.name,
  });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4">
        <label className="flex items-center gap-2 whitespace-nowrap" htmlFor="against">
          {t("compareWith")}
          <Select id="against" className="max-w-64" value={otherId} onChange={(event) => setOther(event.target.value)}>
            <option value="">{t("nothing")}</option>
            {names?.experiment?.runs.nodes
              .filter(({ id }) => id !== run.id)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </Select>
        </label>
        {compared && (
          <Checkbox
            label={t("onlyDifferent")}
            checked={onlyDifferent}
            onChange={(event) => setOnlyDifferent(event.target.checked)}
          />
        )}
        <span className="flex-1" />
        <CopyButton label={t("copyJson")} text={JSON.stringify(run.config, null, 2)} />
        {query && <CopyButton label={t("copyGraphql")} text={query} />}
      </div>
      {rows.length === 0 && <p className="text-ink-3">{t("empty")}</p>}
      {rows.length > 0 && shown.length === 0 && <p className="text-ink-3">{t("same")}</p>}
      {shown.length > 0 && (
        <table className="max-w-3xl text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              <th scope="col" className="border-b py-1 pr-6 text-left font-normal">
                {t("field")}
              </th>
              <th scope="col" className="border-b py-1 pr-6 text-left font-normal">
                {t("here")}
              </th>
              {compared && (
                <th scope="col" className="border-b py-1 text-left font-normal">
                  {compared.name}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ field, value, other: otherValue, isDifferent }) => (
              <tr key={field} className={cx("border-b", isDifferent && "bg-accent-soft")}>
                <th scope="row" className="py-1 pr-6 text-left font-mono font-normal">
                  {field}
                </th>
                <td className="py-1 pr-6 font-mono break-all">
                  {value ?? <span className="text-ink-3">{t("unset")}</span>}
                </td>
                {compared && (
                  <td className="py-1 font-mono break-all">
                    {otherValue ?? <span className="text-ink-3">{t("unset")}</span>}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
