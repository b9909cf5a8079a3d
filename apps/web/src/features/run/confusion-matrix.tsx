"use client";
import { useTranslations } from "next-intl";
import { ScrollRegion } from "@/ui/scroll-region";

const cell = 34;
const labelWidth = 92;
/** How far the slanted label of the last column reaches beyond it. */
const labelOverhang = 48;

/** confusion[true][predicted] as a grid: the darker, the larger its share of the row. The diagonal is right, the rest is not. */
export function ConfusionMatrix({ confusion, classes }: { confusion: number[][]; classes: string[] }) {
  const t = useTranslations("run.evaluation");
  const count = confusion.length;
  const size = labelWidth + count * cell;
  const name = (index: number) => classes[index] ?? String(index);
  return (
    <ScrollRegion label={t("confusion")}>
      <svg width={size + labelOverhang} height={size + 4} role="img" aria-label={t("confusion")} fontSize="11">
        {confusion.map((row, truth) => {
          const total = row.reduce((sum, images) => sum + images, 0);
          return (
            <g key={name(truth)}>
              <text
                x={labelWidth - 6}
                y={labelWidth + truth * cell + cell / 2}
                textAnchor="end"
                dominantBaseline="middle"
                fill="var(--ink-2)"
              >
                {shorten(name(truth))}
              </text>
              {row.map((images, taken) => {
                const share = total === 0 ? 0 : images / total;
                const isRight = truth === taken;
                return (
                  <g key={name(taken)}>
                    <title>{t("cell", { images, total, truth: name(truth), taken: name(taken) })}</title>
                    <rect
                      x={labelWidth + taken * cell}
                      y={labelWidth + truth * cell}
                      width={cell - 1}
                      height={cell - 1}
                      fill={isRight ? "var(--accent)" : "var(--bad)"}
                      fillOpacity={images === 0 ? 0.04 : 0.12 + 0.88 * share}
                    />
                    {images > 0 && (
                      <text
                        x={labelWidth + taken * cell + cell / 2}
                        y={labelWidth + truth * cell + cell / 2}
                        textAnchor="middle"
                        dominantBaseline="middle"
                        fill={share > 0.55 ? "var(--accent-ink)" : "var(--ink)"}
                      >
                        {images}
                      </text>
                    )}
                  </g>
                );
              })}
            </g>
          );
        })}
        {confusion.map((_, taken) => (
          <text
            key={name(taken)}
            transform={`translate(${labelWidth + taken * cell + cell / 2 + 4} ${labelWidth - 8}) rotate(-50)`}
            fill="var(--ink-2)"
          >
            {shorten(name(taken))}
          </text>
        ))}
      </svg>
    </ScrollRegion>
  );
}

function shorten(name: string): string {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}
