"use client";
import { architectureIds, architectureName, parseRunQuery } from "@residual/shared";
import { useTranslations } from "next-intl";
import { QueryBox } from "@/features/run-list/query-box";
import { choose, chosen } from "@/features/run-list/query-choices";
import { Select } from "@/ui/field";

const statuses = ["RUNNING", "QUEUED", "FINISHED", "STOPPED", "FAILED"] as const;

/** The query of a run table, and controls that write into the same text. */
export function RunFilterBar({
  project,
  typed,
  onTyped,
}: {
  project: string;
  typed: string;
  onTyped: (text: string) => void;
}) {
  const t = useTranslations("runList");
  const { query, problem } = parseRunQuery(typed);
  const control = (field: "status" | "architecture", label: string, any: string, options: [string, string][]) => (
    <Select
      className="w-auto"
      aria-label={label}
      // A text that is no query yet would be lost.
      disabled={problem !== null}
      value={chosen(query, field)}
      onChange={(event) => onTyped(choose(query, field, event.target.value))}
    >
      <option value="">{any}</option>
      {options.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </Select>
  );
  return (
    <>
      <QueryBox project={project} typed={typed} onTyped={onTyped} />
      {control(
        "status",
        t("column.status"),
        t("anyStatus"),
        statuses.map((status) => [status, t(`status.${status}`)]),
      )}
      {control(
        "architecture",
        t("column.architecture"),
        t("anyArchitecture"),
        architectureIds.map((id) => [id, architectureName(id)]),
      )}
    </>
  );
}
