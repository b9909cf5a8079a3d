import {
  type ChartLine,
  type ChartRun,
  chartLine,
  horizontalExtent,
  missingSteps,
  type RunScale,
  verticalExtent,
} from "./chart-lines";
import type { ChartView } from "./chart-view";
import type { MetricLine } from "./metric-lines";
import { keyOf, keysOf } from "./run-keys";
import { SeriesBuffer } from "./series-buffer";
import type { SeriesStore } from "./series-store";

export interface SceneSetup {
  runs: ChartRun[];
  lines: MetricLine[];
  view: ChartView;
  /** Steps of an epoch by run id, where known. */
  stepsPerEpoch: Map<string, number>;
}

/** All that a chart draws at one moment. */
export interface Scene {
  lines: ChartLine[];
  gap: { train: ChartLine; val: ChartLine } | null;
  x: [number, number];
  y: [number, number];
}

interface ZoomWindow {
  from: number;
  to: number;
  /** The range ends with the newest point, so later points belong to it. */
  reachesEnd: boolean;
  /** Points of the range, finer than the store's; null until the answer is there. */
  buffers: Map<string, SeriesBuffer> | null;
}

const pointsOfZoom = 2000;

/** Turns the store's points into what a chart draws, and asks for the exact points of a zoomed range where the store has thinned ones. */
export class SceneBuilder {
  private setup: SceneSetup | null = null;
  private window: ZoomWindow | null = null;

  /** `onPoints` is called when points of a zoomed range have come. */
  constructor(
    private readonly store: SeriesStore,
    private readonly onPoints: () => void,
  ) {}

  configure(setup: SceneSetup): void {
    this.setup = setup;
    if (!setup.view.zoom) this.window = null;
  }

  build(): Scene {
    const setup = this.setup;
    if (!setup) return { lines: [], gap: null, x: [0, 1], y: [0, 1] };
    let lines = this.linesFrom(setup, (run, key) => this.store.buffer(run, key));
    const { zoom, log } = setup.view;
    if (zoom) {
      this.openWindow(setup, lines, missingSteps(lines, ...zoom));
      lines = this.linesFrom(setup, (run, key) => this.fineBuffer(run, key));
    }
    const x = zoom ?? spread(horizontalExtent(lines), 0);
    const y = verticalExtent(lines, x[0], x[1], log);
    return { lines, gap: this.gapOf(setup, lines), x, y: log ? spreadLog(y) : spread(y, 0.06) };
  }

  private linesFrom(setup: SceneSetup, bufferOf: (run: string, key: string) => SeriesBuffer | null): ChartLine[] {
    const lines: ChartLine[] = [];
    for (const run of setup.runs) {
      const scale = this.scaleOf(setup, run);
      for (const line of setup.lines) {
        const buffer = bufferOf(run.id, keyOf(run, line));
        if (buffer && buffer.length > 0) lines.push(chartLine(buffer, run, line, setup.view, scale));
      }
    }
    return lines;
  }

  private scaleOf(setup: SceneSetup, run: ChartRun): RunScale {
    let start = Number.POSITIVE_INFINITY;
    for (const line of setup.lines)
      start = Math.min(start, this.store.buffer(run.id, keyOf(run, line))?.times[0] ?? start);
    return { start, stepsPerEpoch: setup.stepsPerEpoch.get(run.id) ?? null };
  }

  /** Between the two splits of one quantity of a single run the area is tinted: it is the gap. */
  private gapOf(setup: SceneSetup, lines: ChartLine[]): Scene["gap"] {
    if (setup.runs.length !== 1) return null;
    const train = lines.find(({ split }) => split === "train");
    const val = lines.find(({ split }) => split === "val");
    return train && val ? { train, val } : null;
  }

  private openWindow(setup: SceneSetup, lines: ChartLine[], steps: { from: number; to: number } | null): void {
    if (!steps) return;
    if (this.window?.reachesEnd && this.window.from <= steps.from && isAlike(this.window, steps)) return;
    if (this.window && this.window.from <= steps.from && this.window.to >= steps.to && isAlike(this.window, steps))
      return;
    const reachesEnd = lines.every((line) => (line.steps.at(-1) ?? 0) <= steps.to);
    const opened: ZoomWindow = { ...steps, reachesEnd, buffers: null };
    this.window = opened;
    const request = { runs: setup.runs.map(({ id }) => id), keys: keysOf(setup.runs, setup.lines), ...steps };
    this.store.range({ ...request, maxPoints: pointsOfZoom }).then(
      (parts) => {
        if (this.window !== opened) return;
        opened.buffers = new Map();
        for (const part of parts) {
          const buffer = new SeriesBuffer();
          buffer.replace(part.columns, part.count);
          opened.buffers.set(`${part.run}\n${part.key}`, buffer);
        }
        this.onPoints();
      },
      // The thinned points stay on screen; the next change of the view asks again.
      () => {
        if (this.window === opened) this.window = null;
      },
    );
  }

  /** The window's points, and the store's beyond them: a zoom onto the newest points goes on living. */
  private fineBuffer(run: string, key: string): SeriesBuffer | null {
    const coarse = this.store.buffer(run, key);
    const fine = this.window?.buffers?.get(`${run}\n${key}`);
    if (!fine || !coarse || fine.length === 0) return coarse;
    if (!this.window?.reachesEnd) return fine;
    const beyond = coarse.rowAt(fine.steps.at(-1)!) + 1;
    if (beyond < coarse.length && coarse.steps[beyond]! > fine.steps.at(-1)!) {
      const { steps, times, values, min, max } = coarse;
      fine.append({
        steps: steps.slice(beyond),
        times: times.slice(beyond),
        values: values.slice(beyond),
        min: min.slice(beyond),
        max: max.slice(beyond),
      });
    }
    return fine;
  }
}

/** A window that is much wider than the range has fewer points in it than the range could show. */
function isAlike(window: ZoomWindow, steps: { from: number; to: number }): boolean {
  return window.to - window.from <= 1.5 * Math.max(1, steps.to - steps.from);
}

/** Widens an extent by a share of itself on both sides; a single value gets room around it. */
function spread(extent: [number, number] | null, share: number): [number, number] {
  if (!extent) return [0, 1];
  const [from, to] = extent;
  if (from === to) return [from - (Math.abs(from) || 1) * 0.5, to + (Math.abs(to) || 1) * 0.5];
  const room = (to - from) * share;
  return [from - room, to + room];
}

function spreadLog(extent: [number, number] | null): [number, number] {
  return extent ? [extent[0] / 1.15, extent[1] * 1.15] : [0.1, 1];
}
