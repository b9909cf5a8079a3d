"use client";
import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import { type Cost, commonCurrency, costPoints, costs, unpricedRows } from "@/features/comparison/cost-front";
import { CostTable } from "@/features/comparison/cost-table";
import { placeLabels } from "@/features/comparison/place-labels";
import { type ScatterDot, scatterShape } from "@/features/comparison/scatter-shape";
import { useWidth } from "@/features/metrics/use-width";
import type { ComparisonRowViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { useFormat } from "@/lib/use-format";
import { useUrlState } from "@/lib/use-url-state";
import { Select } from "@/ui/field";

const height = 280;

/** What accuracy costs: each run with its interval, and the front of those that no other run beats. */
export function CostScatter({ rows }: { rows: readonly ComparisonRowViewFragment[] }) {
  const t = useTranslations("comparison.cost");
  const format = useFormat();
  const [chosen, setCost] = useUrlState("cost", "parameters");
  const cost: Cost = costs.find((known) => known === chosen) ?? "parameters";
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 560);
  const points = useMemo(() => costPoints(rows, cost), [rows, cost]);
  const shape = useMemo(() => scatterShape(points, width, height), [points, width]);
  const spoken: Record<Cost, (value: number) => string> = {
    parameters: format.compact,
    macs: format.compact,
    memory: format.bytes,
    latency: (value) => `${format.number(value)} ms`,
    time: format.duration,
    money: (amount) => format.money({ amount, currency: commonCurrency(rows) ?? "EUR" }),
    energy: (value) => `${format.number(value)} Wh`,
  };
  const sayCost = spoken[cost];
  const labels = useMemo(
    () =>
      placeLabels(
        // Those on the front first: they are what is looked for.
        (shape?.dots ?? []).toSorted((a, b) => Number(b.point.isOnFront) - Number(a.point.isOnFront)).map(toLabel),
        width,
        height,
        shape?.frontLines,
      ),
    [shape, width],
  );
  const unpriced = unpricedRows(rows, points);
  const workers = [...new Set(rows.flatMap((row) => row.unpricedWorkers))];
  const front = points.filter(({ isOnFront }) => isOnFront).map(({ name }) => name);

  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="text-base font-semibold">{t("title")}</h2>
        <Select
          className="max-w-64"
          aria-label={t("label")}
          value={cost}
          onChange={(event) => setCost(event.target.value)}
          data-print="hide"
        >
          {costs.map((known) => (
            <option key={known} value={known}>
              {t(known)}
            </option>
          ))}
        </Select>
      </figcaption>
      <p className="text-ink-3">{t("hint")}</p>
      <div ref={place} className="overflow-hidden">
        {!shape ? (
          <p className="py-4 text-ink-3">{t("empty")}</p>
        ) : (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={t("summary", { count: points.length, cost: t(cost), front: front.join(", ") })}
            fontSize="11"
          >
            <g fill="var(--ink-3)">
              {shape.yTicks.map(({ y, share }) => (
                <g key={share}>
                  <line x1={shape.plot.left} x2={shape.plot.right} y1={y} y2={y} stroke="var(--line)" />
                  <text x={shape.plot.left - 6} y={y} textAnchor="end" dominantBaseline="middle">
                    {format.decimal(share * 100, Number.isInteger(Number((share * 100).toFixed(6))) ? 0 : 1)} %
                  </text>
                </g>
              ))}
              {shape.xTicks.map(({ x, cost: tick }) => (
                <text key={tick} x={x} y={shape.plot.bottom + 14} textAnchor="middle">
                  {sayCost(tick)}
                </text>
              ))}
              <text x={shape.plot.right} y={height - 4} textAnchor="end">
                {t(cost)}
              </text>
            </g>
            <path d={shape.front} fill="none" stroke="var(--accent)" strokeDasharray="4 3" strokeWidth="1.2" />
            {shape.dots.map(({ point, x, y, top, bottom }) => {
              const color = runColor(point.run ?? point.key);
              const accuracy = format.percent({ estimate: point.accuracy, low: point.low, high: point.high });
              return (
                <g key={point.key}>
                  <title>
                    {t("point", { name: point.name, accuracy: accuracy?.value ?? "", cost: sayCost(point.cost) })}
                  </title>
                  <line x1={x} x2={x} y1={top} y2={bottom} stroke={color} strokeOpacity="0.6" />
                  <circle
                    cx={x}
                    cy={y}
                    r={point.isOnFront ? 5 : 4}
                    fill={point.isOnFront ? color : "var(--ground)"}
                    stroke={color}
                    strokeWidth="1.6"
                  />
                </g>
              );
            })}
            {labels.map(({ index, x, y, anchor, text }) => (
              <text key={index} x={x} y={y} textAnchor={anchor} dominantBaseline="middle" fill="var(--ink-2)">
                {text}
              </text>
            ))}
          </svg>
        )}
      </div>
      {unpriced.length > 0 && shape && (
        <p className="text-ink-3">{t(cost === "money" ? "unpriced" : "missing", { runs: nameSome(unpriced) })}</p>
      )}
      {cost === "money" && (
        <p className="text-ink-3">
          {workers.length > 0 && t("unpricedWorkers", { workers: nameSome(workers) })} {t("rate")}
        </p>
      )}
      {shape && <CostTable points={points} cost={t(cost)} sayCost={sayCost} />}
    </figure>
  );
}

function toLabel({ x, y, point: { name } }: ScatterDot) {
  return { x, y, text: name };
}

/** The first few of a list of names. */
function nameSome(names: readonly string[]): string {
  const few = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${few}, … (${names.length})` : few;
}
