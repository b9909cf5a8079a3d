"use client";
import type { ReactNode } from "react";
import { ChartControls } from "@/features/metrics/chart-controls";
import { GapChart } from "@/features/metrics/gap-chart";
import { MetricChart } from "@/features/metrics/metric-chart";
import { GuideAdvice } from "@/features/run/guide-advice";
import { RunNotices } from "@/features/run/run-notices";
import { RunNumbers } from "@/features/run/run-numbers";
import type { RunViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";

/** The run at a glance: gap, accuracy, loss, the numbers with their intervals, what it met with, and what the guide advises. */
export function OverviewTab({ run, advice }: { run: RunViewFragment; advice?: ReactNode }) {
  const color = runColor(run.id);
  const runs = [{ id: run.id, name: run.name, curves: run.curves, color }];
  return (
    <div className="flex flex-col gap-6">
      <RunNumbers run={run} />
      <RunNotices notices={run.notices} />
      <ChartControls />
      <div className="grid gap-6 lg:grid-cols-2">
        <MetricChart runs={runs} metric="accuracy" height={240} />
        <MetricChart runs={runs} metric="loss" height={240} />
        <GapChart gap={run.generalizationGap} color={color} height={240} />
        {!advice && (
          <GuideAdvice architecture={run.architecture?.id ?? null} verdict={run.generalizationGap?.verdict ?? null} />
        )}
      </div>
      {advice}
    </div>
  );
}
