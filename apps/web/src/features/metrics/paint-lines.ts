import type uPlot from "uplot";
import { type ChartLine, evaluationsBelow, rowBefore } from "./chart-lines";
import type { LineStyle } from "./metric-lines";

const dashes: Record<LineStyle, number[]> = { solid: [], dashed: [6, 4], dotted: [1.5, 3], faint: [] };

/** Draws the lines of a chart into its plotting area: tinted gap, bands of thinned points, faint raw lines, lines, what is not finite. */
export function paintLines(plot: uPlot, lines: ChartLine[], gap: { train: ChartLine; val: ChartLine } | null): void {
  const { ctx, bbox } = plot;
  // While a page is laid out the plot can be narrower than its axes.
  if (bbox.width <= 0) return;
  const ratio = bbox.width / plot.over.clientWidth || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineJoin = "round";
  if (gap) paintGap(plot, gap.train, gap.val);
  for (const line of lines) {
    const visible = visibleRows(plot, line);
    ctx.strokeStyle = line.run.color;
    ctx.fillStyle = line.run.color;
    if (line.low && line.high) paintBand(plot, line, visible);
    ctx.setLineDash([]);
    if (line.raw) {
      ctx.globalAlpha = 0.25;
      ctx.lineWidth = ratio;
      strokeValues(plot, line.x, line.raw, visible);
    }
    ctx.globalAlpha = line.style === "faint" ? 0.35 : 1;
    ctx.lineWidth = (line.style === "faint" ? 1 : 1.6) * ratio;
    ctx.setLineDash(dashes[line.style].map((length) => length * ratio));
    strokeValues(plot, line.x, line.y, visible);
    ctx.setLineDash([]);
    if (line.style !== "faint" && visible.to - visible.from < evaluationsBelow) paintDots(plot, line, visible, ratio);
    ctx.globalAlpha = 1;
    paintMarks(plot, line, ratio);
  }
  ctx.restore();
}

interface Rows {
  from: number;
  to: number;
}

/** Rows to draw: those in view and one more on each side, so that lines run out of the picture. */
function visibleRows(plot: uPlot, line: ChartLine): Rows {
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  return { from: Math.max(0, rowBefore(line.x, min)), to: Math.min(line.x.length, rowBefore(line.x, max) + 2) };
}

function strokeValues(plot: uPlot, x: Float64Array, y: Float64Array, rows: Rows): void {
  const { ctx } = plot;
  let isDown = false;
  ctx.beginPath();
  for (let row = rows.from; row < rows.to; row++) {
    const value = y[row]!;
    if (!isDrawable(plot, value)) {
      isDown = false;
      continue;
    }
    const left = plot.valToPos(x[row]!, "x", true);
    const top = plot.valToPos(value, "y", true);
    if (isDown) ctx.lineTo(left, top);
    else ctx.moveTo(left, top);
    isDown = true;
  }
  ctx.stroke();
}

function isDrawable(plot: uPlot, value: number): boolean {
  return Number.isFinite(value) && (plot.scales.y?.distr !== 3 || value > 0);
}

function paintDots(plot: uPlot, line: ChartLine, rows: Rows, ratio: number): void {
  for (let row = rows.from; row < rows.to; row++) {
    if (!isDrawable(plot, line.y[row]!)) continue;
    plot.ctx.beginPath();
    plot.ctx.arc(
      plot.valToPos(line.x[row]!, "x", true),
      plot.valToPos(line.y[row]!, "y", true),
      2.2 * ratio,
      0,
      2 * Math.PI,
    );
    plot.ctx.fill();
  }
}

/** Between the smallest and the largest point that each row stands for: thinning hides no outlier. */
function paintBand(plot: uPlot, line: ChartLine, rows: Rows): void {
  const { ctx } = plot;
  ctx.beginPath();
  for (let row = rows.from; row < rows.to; row++) {
    if (isDrawable(plot, line.high![row]!))
      ctx.lineTo(plot.valToPos(line.x[row]!, "x", true), plot.valToPos(line.high![row]!, "y", true));
  }
  for (let row = rows.to - 1; row >= rows.from; row--) {
    if (isDrawable(plot, line.low![row]!))
      ctx.lineTo(plot.valToPos(line.x[row]!, "x", true), plot.valToPos(line.low![row]!, "y", true));
  }
  ctx.globalAlpha = 0.16;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** The area between a run's train and val line: that is its generalization gap. */
function paintGap(plot: uPlot, train: ChartLine, val: ChartLine): void {
  const { ctx } = plot;
  const trainRows = visibleRows(plot, train);
  const valRows = visibleRows(plot, val);
  ctx.beginPath();
  for (let row = trainRows.from; row < trainRows.to; row++) {
    if (isDrawable(plot, train.y[row]!))
      ctx.lineTo(plot.valToPos(train.x[row]!, "x", true), plot.valToPos(train.y[row]!, "y", true));
  }
  for (let row = valRows.to - 1; row >= valRows.from; row--) {
    if (isDrawable(plot, val.y[row]!))
      ctx.lineTo(plot.valToPos(val.x[row]!, "x", true), plot.valToPos(val.y[row]!, "y", true));
  }
  ctx.fillStyle = train.run.color;
  ctx.globalAlpha = 0.12;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** NaN sits as a cross on the bottom edge, +∞ as a triangle on the top edge, −∞ on the bottom edge. */
function paintMarks(plot: uPlot, line: ChartLine, ratio: number): void {
  const { ctx, bbox } = plot;
  const size = 4 * ratio;
  const bottom = bbox.top + bbox.height - size - ratio;
  ctx.lineWidth = 1.5 * ratio;
  for (const mark of line.marks) {
    const x = plot.valToPos(mark.x, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    if (Number.isNaN(mark.value)) {
      ctx.moveTo(x - size, bottom - size);
      ctx.lineTo(x + size, bottom + size);
      ctx.moveTo(x + size, bottom - size);
      ctx.lineTo(x - size, bottom + size);
      ctx.stroke();
      continue;
    }
    const isUp = mark.value > 0;
    const y = isUp ? bbox.top + size + ratio : bottom;
    const tip = isUp ? -size : size;
    ctx.moveTo(x, y + tip);
    ctx.lineTo(x - size, y - tip);
    ctx.lineTo(x + size, y - tip);
    ctx.fill();
  }
}
