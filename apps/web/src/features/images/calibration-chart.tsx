"use client";
import { useTranslations } from "next-intl";
import { type CalibrationBin, calibrationPoints, overconfidence } from "@/features/images/calibration-shape";
import { useFormat } from "@/lib/use-format";
import { ScrollRegion } from "@/ui/scroll-region";

const size = 260;
const left = 40;
const bottom = 34;
const ticks = [0, 0.25, 0.5, 0.75, 1];

export interface CalibrationSeries {
  readonly name: string;
  readonly color: string;
  readonly bins: readonly CalibrationBin[];
}

/** The reliability diagram: how often a network is right (with 95 % intervals) where it says that it is so sure. On the diagonal it says the truth. */
export function CalibrationChart({ title, series }: { title: string; series: readonly CalibrationSeries[] }) {
  const t = useTranslations("run.calibration");
  const format = useFormat();
  const drawn = series.map((one) => ({
    ...one,
    points: calibrationPoints(one.bins),
    surplus: overconfidence(one.bins),
  }));
  const x = (share: number) => left + share * (size - left - 14);
  const y = (share: number) => size - bottom - share * (size - bottom - 8);
  const share = (value: number) => format.percent({ estimate: value })?.value ?? "";
  const sentences = drawn.map(({ name, surplus }) => {
    if (surplus === null) return t("none", { name });
    const points = format.decimal(Math.abs(surplus) * 100, 1);
    return t(Math.abs(surplus) < 0.005 ? "even" : surplus > 0 ? "over" : "under", { name, points });
  });
  return (
    <section className="min-w-0">
      <h2 className="text-base font-semibold">{title}</h2>
      {sentences.map((sentence) => (
        <p key={sentence} className="text-ink-3">
          {sentence}
        </p>
      ))}
      <svg width={size} height={size} role="img" aria-label={`${title}. ${sentences.join(" ")}`} fontSize="11">
        <g fill="var(--ink-3)">
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
              <text x={left - 5} y={y(tick)} textAnchor="end" dominantBaseline="middle">
                {tick * 100}
              </text>
              <text x={x(tick)} y={size - bottom + 14} textAnchor="middle">
                {tick * 100}
              </text>
            </g>
          ))}
          <text x={x(1)} y={size - 4} textAnchor="end">
            {t("axis")}
          </text>
        </g>
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} stroke="var(--line-strong)" strokeDasharray="4 3" />
        {drawn.map(({ name, color, points }) => (
          <g key={name} stroke={color} fill={color}>
            <polyline
              points={points.map((point) => `${x(point.confidence)},${y(point.accuracy)}`).join(" ")}
              fill="none"
              strokeOpacity="0.6"
            />
            {points.map((point) => (
              <g key={point.confidence}>
                <line
                  x1={x(point.confidence)}
                  x2={x(point.confidence)}
                  y1={y(point.low)}
                  y2={y(point.high)}
                  strokeOpacity="0.5"
                />
                <circle cx={x(point.confidence)} cy={y(point.accuracy)} r="3" stroke="none" />
              </g>
            ))}
          </g>
        ))}
      </svg>
      <details className="text-sm">
        <summary className="text-accent">{t("table")}</summary>
        <ScrollRegion label={title}>
          <table className="tabular">
            <thead className="text-xs text-ink-3">
              <tr>
                {(["run", "confidence", "accuracy", "images"] as const).map((column) => (
                  <th key={column} scope="col" className="pr-4 text-left font-normal">
                    {t(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {drawn.flatMap(({ name, points }) =>
                points.map((point) => (
                  <tr key={`${name} ${point.confidence}`}>
                    <td className="pr-4">{name}</td>
                    <td className="pr-4">{share(point.confidence)}</td>
                    <td className="pr-4">
                      {share(point.accuracy)}{" "}
                      <span className="text-ink-3">
                        ({Math.round(point.low * 100)}–{Math.round(point.high * 100)})
                      </span>
                    </td>
                    <td>{format.count(point.examples)}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </section>
  );
}
