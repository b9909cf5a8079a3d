"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { GapCell } from "@/features/run-list/gap-cell";
import { RunActionsMenu } from "@/features/run-list/run-actions-menu";
import { RunStatusCell } from "@/features/run-list/run-status-cell";
import { bestAccuracy, imagesPerSecond, runSeconds } from "@/features/run-list/run-values";
import type { useRunActions } from "@/features/run-list/use-run-actions";
import type { RunRowFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { useFormat } from "@/lib/use-format";
import { Chip } from "@/ui/chip";
import { cx } from "@/ui/class-names";
import { Uncertain } from "@/ui/uncertain";

export const rowHeight = 44;

export function RunTableRow({
  run,
  index,
  now,
  isSelected,
  isFocused,
  onToggle,
  actions,
}: {
  run: RunRowFragment;
  index: number;
  now: number;
  isSelected: boolean;
  isFocused: boolean;
  onToggle: () => void;
  actions: ReturnType<typeof useRunActions>;
}) {
  const t = useTranslations("runList");
  const format = useFormat();
  const seconds = runSeconds(run, now);
  const speed = imagesPerSecond(run);
  const evaluation = run.bestEvaluation;
  const source = run.passport?.initialWeights?.source ?? null;
  const accuracy = evaluation?.val.accuracy ?? { estimate: bestAccuracy(run) };
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-focused={isFocused || undefined}
      style={{ height: rowHeight }}
      className={cx(
        "group",
        isSelected ? "bg-accent-soft" : "bg-ground hover:bg-panel",
        isFocused && "outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <td className="sticky left-0 z-1 border-b bg-inherit pl-3">
        <input
          type="checkbox"
          className="size-4 align-middle accent-accent"
          aria-label={t("select", { name: run.name })}
          checked={isSelected}
          onChange={onToggle}
        />
      </td>
      <td className="border-b px-2">
        <span className="flex items-center gap-2">
          <span
            aria-hidden="true"
            className="size-2.5 shrink-0 rounded-full"
            style={{ background: runColor(run.id) }}
          />
          <Link
            href={`/runs/${run.id}`}
            prefetch={false}
            className="truncate font-medium hover:underline"
            title={run.name}
          >
            {run.name}
          </Link>
        </span>
      </td>
      <td className="border-b px-2">
        <RunStatusCell run={run} />
      </td>
      <td className="border-b px-2 text-right">
        <Uncertain spoken={format.percent(accuracy)} />
        {evaluation && (
          <span className="block text-xs leading-4 text-ink-3">
            {t("atEpoch", { epoch: format.number(evaluation.epoch) })}
          </span>
        )}
      </td>
      <td className="border-b px-2">
        <GapCell gap={run.generalizationGap} color={runColor(run.id)} />
      </td>
      <td className="truncate border-b px-2 text-ink-2">
        {run.architecture?.name ?? "–"}
        {source !== null && (
          <span
            className={cx("block text-xs leading-4", source === "RANDOM" ? "text-warn" : "text-ink-3")}
            title={source}
          >
            {t(source === "RANDOM" ? "fromScratch" : "pretrained")}
          </span>
        )}
      </td>
      <td className="border-b px-2 text-right text-ink-2">{seconds === null ? "–" : format.duration(seconds)}</td>
      <td className="border-b px-2 text-right text-ink-2">
        {speed === null ? "–" : format.decimal(speed, speed < 10 ? 1 : 0)}
      </td>
      <td className="border-b px-2">
        <span className="flex gap-1 overflow-hidden">
          {run.tags.map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
      </td>
      <td className="border-b bg-inherit pr-2 text-right md:sticky md:right-0 md:z-1">
        <RunActionsMenu run={run} actions={actions} />
      </td>
    </tr>
  );
}
