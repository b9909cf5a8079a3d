"use client";
import { type ArchitectureId, architectureFacts } from "@residual/shared";
import { useTranslations } from "next-intl";
import { drawingShape } from "@/features/models/drawing-shape";
import { useFormat } from "@/lib/use-format";
import { ScrollRegion } from "@/ui/scroll-region";

const height = 120;
/** Smaller, its labels could not be read: a narrower page scrolls it. */
const leastScale = 0.8;

/** The network from the image to the head, one bar a block, drawn from the same facts that the trainer builds it of. */
export function ArchitectureDrawing({
  architecture,
  imageSize = 224,
}: {
  architecture: ArchitectureId;
  imageSize?: number;
}) {
  const t = useTranslations("models.drawing");
  const format = useFormat();
  const facts = architectureFacts(architecture);
  const { width, stages, stem, head } = drawingShape(facts, imageSize, height);
  const isResNet = facts.family === "RESNET";
  const label = t("label", {
    name: facts.name,
    stages: stages
      .map(({ repeats, block, channels }) => t("stage", { repeats, block: t(`block.${block}`), channels }))
      .join("; "),
  });
  return (
    <ScrollRegion label={facts.name}>
      <svg
        viewBox={`0 0 ${width} ${height + 52}`}
        style={{ width: "100%", minWidth: leastScale * width, maxWidth: width }}
        role="img"
        aria-label={label}
        fontSize="11"
      >
        <line x1={stem.x} x2={head.x} y1={height / 2} y2={height / 2} stroke="var(--line-strong)" />
        <rect {...stem} rx="3" fill="var(--panel)" stroke="var(--line-strong)" />
        <rect {...head} rx="3" fill="var(--panel)" stroke="var(--line-strong)" />
        <g textAnchor="middle" fill="var(--ink-2)">
          <text x={stem.x + stem.width / 2 + 2} y={height + 16}>
            {t(isResNet ? "stem" : "patches")}
          </text>
          <text x={head.x + head.width / 2 - 2} y={height + 16}>
            {t("head")}
          </text>
        </g>
        {stages.map(({ blocks, center, repeats, channels, side, block }) => (
          <g key={center}>
            {blocks.map((drawn) => (
              <rect key={drawn.x} {...drawn} rx="2" fill="var(--accent)" fillOpacity={isResNet ? 0.8 : 0.65} />
            ))}
            <g textAnchor="middle" fill="var(--ink-2)">
              <text x={center} y={height + 16}>
                {repeats} × {t(`block.${block}`)}
              </text>
              <text x={center} y={height + 31} fill="var(--ink-3)">
                {t("channels", { count: format.count(channels) })}
              </text>
              <text x={center} y={height + 46} fill="var(--ink-3)">
                {side} × {side}
              </text>
            </g>
          </g>
        ))}
      </svg>
    </ScrollRegion>
  );
}
