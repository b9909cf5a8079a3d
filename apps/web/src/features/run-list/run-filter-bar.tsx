"use client";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import type { RunFilter } from "@/features/run-list/filter-runs";
import type { RunRowFragment, RunStatus } from "@/gql/graphql";
import { useShortcut } from "@/lib/shortcuts";
import { Input, Select } from "@/ui/field";

const statuses: readonly RunStatus[] = ["RUNNING", "QUEUED", "FINISHED", "STOPPED", "FAILED"];

/** Narrows a run table by words, status and architecture. */
export function RunFilterBar({
  runs,
  filter,
  onFilter,
}: {
  runs: readonly RunRowFragment[];
  filter: RunFilter;
  onFilter: (filter: RunFilter) => void;
}) {
  const t = useTranslations("runList");
  const field = useRef<HTMLInputElement>(null);
  useShortcut("/", t("key.filter"), () => field.current?.focus());
  const architectures = [
    ...new Map(runs.flatMap(({ architecture }) => (architecture ? [[architecture.id, architecture.name]] : []))),
  ];
  return (
    <>
      <Input
        ref={field}
        type="search"
        className="max-w-64 min-w-36 flex-1"
        aria-label={t("filter")}
        placeholder={t("filter")}
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <Select
        className="w-auto"
        aria-label={t("column.status")}
        value={filter.statuses[0] ?? ""}
        onChange={(event) =>
          onFilter({ ...filter, statuses: statuses.filter((status) => status === event.target.value) })
        }
      >
        <option value="">{t("anyStatus")}</option>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {t(`status.${status}`)}
          </option>
        ))}
      </Select>
      {architectures.length > 1 && (
        <Select
          className="w-auto"
          aria-label={t("column.architecture")}
          value={filter.architectures[0] ?? ""}
          onChange={(event) => onFilter({ ...filter, architectures: event.target.value ? [event.target.value] : [] })}
        >
          <option value="">{t("anyArchitecture")}</option>
          {architectures.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}
